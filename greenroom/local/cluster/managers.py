"""Field managers: who owns which fields of an object, kept in `metadata.managedFields`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from greenroom.local.cluster.errors import Cause, invalid
from greenroom.local.cluster.fields import Path, changed_fields, decode, encode, owned_part
from greenroom.local.cluster.objects import Manifest, with_metadata

APPLY = "Apply"
UPDATE = "Update"


@dataclass(frozen=True)
class Manager:
    """One owner. The same program counts anew for each way and each version in which it writes."""

    name: str
    operation: str
    api_version: str
    subresource: str = ""

    def __str__(self) -> str:
        text = f'"{self.name}"' + (f' with subresource "{self.subresource}"' if self.subresource else "")
        return f"{text} using {self.api_version}" if self.operation == UPDATE else text


@dataclass(frozen=True)
class Ownership:
    """The fields of one manager and when they last changed."""

    fields: frozenset[Path]
    time: str


Owners: TypeAlias = dict[Manager, Ownership]


def read_owners(manifest: Manifest) -> Owners:
    """Who owns what. Raises StatusError (422) when a client sent managedFields that are none."""
    owners: Owners = {}
    for entry in manifest["metadata"].get("managedFields") or []:
        try:
            manager = Manager(entry["manager"], entry["operation"], entry["apiVersion"], entry.get("subresource") or "")
            owners[manager] = Ownership(frozenset(decode(entry.get("fieldsV1") or {})), entry.get("time", ""))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            cause = Cause("FieldValueInvalid", f"Invalid value: {error}", "metadata.managedFields")
            name = manifest["metadata"].get("name", "")
            raise invalid(str(manifest.get("kind", "")), "", name, [cause]) from error
    return owners


def write_owners(manifest: Manifest, owners: Owners) -> Manifest:
    """The object with its managedFields, in the server's order: by operation, then by time and name."""
    ordered = sorted(owners.items(), key=lambda entry: (entry[0].operation, entry[1].time, entry[0].name))
    entries = [_entry(manager, ownership) for manager, ownership in ordered if ownership.fields]
    return with_metadata(manifest, managedFields=entries or None)


def _entry(manager: Manager, ownership: Ownership) -> Manifest:
    entry = {
        "manager": manager.name,
        "operation": manager.operation,
        "apiVersion": manager.api_version,
        "time": ownership.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": encode(ownership.fields),
    }
    return {**entry, "subresource": manager.subresource} if manager.subresource else entry


def record_update(old: Manifest | None, new: Manifest, manager: Manager, time: str) -> Manifest:
    """`new` with the fields that differ from `old` owned by `manager` and by nobody else.

    What is gone is owned by nobody. An empty entry (`managedFields: [{}]`) resets who owned what.
    """
    sent = new["metadata"].get("managedFields")
    if sent == [{}]:
        return with_metadata(new, managedFields=None)
    owners = read_owners(new if sent or old is None else old)
    before = owned_part(old) if old else {"spec": {}, "metadata": {}}
    changes = list(changed_fields(before, owned_part(new)))
    if not changes:
        return write_owners(new, owners)
    taken = frozenset(path for path, present in changes if present and path)
    lost = frozenset(path for path, present in changes if not present) - taken
    owners = _released(owners, taken | lost, except_for=manager)
    kept = owners.get(manager, Ownership(frozenset(), time)).fields - lost
    if taken or kept != owners.get(manager, Ownership(kept, time)).fields:
        owners[manager] = Ownership(kept | taken, time)
    return write_owners(new, owners)


def _released(owners: Owners, paths: frozenset[Path], *, except_for: Manager) -> Owners:
    return {
        manager: ownership if manager == except_for else Ownership(ownership.fields - paths, ownership.time)
        for manager, ownership in owners.items()
    }


def release(owners: Owners, paths: frozenset[Path], *, keeper: Manager) -> Owners:
    """The owners after every manager but `keeper` lost those paths."""
    return _released(owners, paths, except_for=keeper)


def same_but_times(old: Manifest, new: Manifest) -> bool:
    """Whether nothing but times in managedFields differs: the server then leaves the object as it was.

    So it is when what was applied lacks only what the server fills in again.
    """
    return _timeless(old) == _timeless(new)


def _timeless(manifest: Manifest) -> Manifest:
    entries = manifest["metadata"].get("managedFields") or []
    return with_metadata(manifest, managedFields=[{**each, "time": ""} for each in entries])
