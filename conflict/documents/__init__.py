"""Public shape of an entry: the document that is reviewed, hashed, published and served."""

from conflict.documents.canonical_json import canonical_text, commitment, sha256
from conflict.documents.entries import SCHEMA, SHAPES, document
from conflict.documents.references import references
