"""Operations: health, logs, error handlers, server options, backups and replicas."""
