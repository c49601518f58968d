"""Webhooks: telling partners that something was published, signed by the conventions of standardwebhooks.com."""
