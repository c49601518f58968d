"""Names of the embedded server's database and of its three roles."""

DATABASE = "chronology"
OWNER = "chronology_owner"  # owns the tables, migrates them
DESK = "chronology_desk"  # the application: edits the desk, appends to the log
PUBLIC = "chronology_public"  # readers: SELECT on the log and the record, nothing else
SUPERUSER = "postgres"
