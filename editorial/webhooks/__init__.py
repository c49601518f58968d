"""Webhooks: notifications of publications to partners, signed by the conventions of standardwebhooks.com."""
