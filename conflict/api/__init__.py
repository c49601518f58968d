"""The REST API: read-only, over the public record."""
