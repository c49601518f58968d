"""Permissions to import and export: one predicate each."""

from django.conf import settings

from editorial.models import Dataset, ImportRun, User


def may_import_dataset(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.import_dataset")


def may_import_table(user: User, table: str) -> bool:
    """True for users who may import, and also add and change rows of the table."""
    code = settings.IMPORT_EXPORT_IMPORT_PERMISSION_CODE
    return user.is_active and user.has_perms(
        [f"editorial.{code}_{table}", f"conflict.add_{table}", f"conflict.change_{table}"]
    )


def may_export_table(user: User, table: str) -> bool:
    code = settings.IMPORT_EXPORT_EXPORT_PERMISSION_CODE
    return user.is_active and user.has_perms([f"editorial.{code}_{table}", f"conflict.view_{table}"])


def may_settle_import(user: User, run: ImportRun) -> bool:
    """True for anybody who may import this kind of file; previews are shared among them."""
    return may_import_table(user, run.table) if run.dataset == Dataset.TABLE else may_import_dataset(user)
