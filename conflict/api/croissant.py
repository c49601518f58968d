"""Description of a release in Croissant 1.0, the vocabulary of data set search and of machine learning tools."""

import json
from typing import Any

CROISSANT, CROISSANT_TYPE = "croissant.json", "application/ld+json"
VERSION = "http://mlcommons.org/croissant/1.0"
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


def description(package: dict[str, Any]) -> str:
    """The data package as Croissant: its files, and the columns of its CSV files."""
    files = package["resources"]
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": package["name"],
        "description": f"{package['title']}: events, claims and findings, and all that they name, as files that never change.",
        "license": package["licenses"][0]["path"],
        "citeAs": package["citation"],
        "datePublished": package["created"],
        "version": f"1.0.{package['head']['number']}",
        "distribution": [_file(file) for file in files],
        "recordSet": [_records(file) for file in files if file["path"].endswith(".csv") and "schema" in file],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _file(file: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file["path"],
        "name": file["path"],
        "contentUrl": file["path"],
        "contentSize": f"{file['bytes']} B",
        "encodingFormat": file["mediatype"],
        "sha256": file["hash"].removeprefix("sha256:"),
    }


def _records(file: dict[str, Any]) -> dict[str, Any]:
    name = file["path"].removesuffix(".csv")
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "key": {"@id": f"{name}/{file['schema']['primaryKey']}"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field['name']}",
                "name": field["name"],
                "dataType": TYPES.get(field["type"], "sc:Text"),
                "source": {"fileObject": {"@id": file["path"]}, "extract": {"column": field["name"]}},
            }
            for field in file["schema"]["fields"]
        ],
    }
