"""Editors, their sessions and tokens."""

from __future__ import annotations

import unicodedata

import argon2
import pytest
from sqlalchemy import select, update

from qawl.errors import InputError
from qawl.record import editors, saved
from qawl.record.store import Record

NAME, PASSPHRASE = "ليلى منصور", "سبع نخلات خلف البيت القديم"


@pytest.fixture
def kept(record: Record) -> Record:
    with record.writing() as connection:
        editors.add(connection, NAME, PASSPHRASE)
    return record


def fits(record: Record, passphrase: str, name: str = NAME) -> bool:
    with record.reading() as connection:
        return editors.fits(editors.hash_of(connection, name), passphrase)


def begin(record: Record, old: str | None = None) -> str:
    with record.writing() as connection:
        seen = editors.hash_of(connection, NAME)
        assert seen is not None
        key = editors.begin(connection, NAME, seen, old=old)
    assert key is not None
    return key


def owner(record: Record, key: str) -> str | None:
    with record.reading() as connection:
        found = editors.in_session(connection, key)
        return found and found[0]


def test_a_passphrase_fits_its_editor_alone(kept: Record) -> None:
    assert fits(kept, PASSPHRASE)
    assert fits(kept, PASSPHRASE, "  ليلى   منصور ")
    assert not fits(kept, PASSPHRASE + " ")
    assert not fits(kept, PASSPHRASE, "سامي")
    assert not fits(kept, "")
    with kept.reading() as connection:
        hashed = editors.hash_of(connection, NAME)
    assert hashed is not None
    assert hashed.startswith("$argon2id$")
    assert PASSPHRASE not in hashed


def test_a_passphrase_is_one_however_the_keyboard_composes_it(kept: Record) -> None:
    with kept.writing() as connection:
        editors.set_passphrase(connection, NAME, "آخر أربعة إخوة مؤمنون")
    for form in ("NFC", "NFD"):
        assert fits(kept, unicodedata.normalize(form, "آخر أربعة إخوة مؤمنون"))  # type: ignore[arg-type]


@pytest.mark.parametrize("passphrase", ["", "قصيرة", " " * 30, "x" * 1001])
def test_a_passphrase_that_will_not_do(record: Record, passphrase: str) -> None:
    with pytest.raises(InputError, match="a passphrase has at"), record.writing() as connection:
        editors.add(connection, NAME, passphrase)
    with record.reading() as connection:
        assert editors.all_of(connection) == []


@pytest.mark.parametrize(
    "name", ["", "  ", "x" * 61, "ليلى\u202e", "a\x00b", "a\u200bb", "a\nb\x07"]
)
def test_a_name_that_is_none(record: Record, name: str) -> None:
    with pytest.raises(InputError, match="a name has"), record.writing() as connection:
        editors.add(connection, name, PASSPHRASE)


def test_a_name_is_given_once(kept: Record) -> None:
    with pytest.raises(InputError, match="there is an editor"), kept.writing() as connection:
        editors.add(connection, " ليلى  منصور", PASSPHRASE)


def test_an_older_hash_is_made_anew_at_the_sign_in(kept: Record) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSPHRASE)
    with kept.writing() as connection:
        connection.execute(update(editors.EDITORS).values(hash=weak))
    assert fits(kept, PASSPHRASE)
    new = editors.rehashed(weak, PASSPHRASE)
    assert new is not None
    with kept.writing() as connection:
        assert editors.begin(connection, NAME, weak, new) is not None
        assert editors.hash_of(connection, NAME) == new
    assert fits(kept, PASSPHRASE)
    assert editors.rehashed(new, PASSPHRASE) is None


def test_a_session_is_opened_by_its_key_until_it_is_ended(kept: Record) -> None:
    key = begin(kept)
    assert owner(kept, key) == NAME
    assert owner(kept, key + "x") is None
    other = begin(kept)
    assert other != key
    assert owner(kept, key) == NAME  # another browser's
    third = begin(kept, old=key)
    assert owner(kept, key) is None
    assert owner(kept, third) == NAME
    with kept.writing() as connection:
        editors.end(connection, third)
    assert owner(kept, third) is None
    assert owner(kept, other) == NAME


def test_no_session_begins_with_a_passphrase_that_was_changed_in_the_meantime(kept: Record) -> None:
    with kept.writing() as connection:
        seen = editors.hash_of(connection, NAME)
        assert seen is not None
        editors.set_passphrase(connection, NAME, PASSPHRASE)
        assert editors.begin(connection, NAME, seen) is None


def test_what_is_over_is_forgotten(kept: Record) -> None:
    import datetime as dt

    old = begin(kept)
    long_ago = dt.datetime.now(dt.UTC) - editors.AT_MOST
    with kept.writing() as connection:
        connection.execute(update(editors.SESSIONS).values(made=long_ago))
    begin(kept)
    with kept.reading() as connection:
        assert len(connection.execute(select(editors.SESSIONS)).all()) == 1
    assert owner(kept, old) is None


def test_tokens_are_kept_as_hashes_and_revoked(kept: Record) -> None:
    with kept.writing() as connection:
        tokens = [editors.new_token(connection, NAME) for _ in range(2)]
    with kept.reading() as connection:
        assert [editors.with_token(connection, t) for t in tokens] == [NAME, NAME]
        assert editors.with_token(connection, tokens[0][:-1]) is None
        whole = str(connection.execute(select(editors.TOKENS)).all())
        (editor,) = editors.all_of(connection)
    assert not any(token in whole for token in tokens)
    assert all(token.startswith(editors.PREFIX) for token in tokens)
    assert editor.tokens == 2
    with kept.writing() as connection:
        assert editors.revoke(connection, NAME) == 2
        assert editors.with_token(connection, tokens[0]) is None


def test_who_is_removed_leaves_nothing_but_what_he_corrected(kept: Record) -> None:
    key = begin(kept)
    with kept.writing() as connection:
        token = editors.new_token(connection, NAME)
        saved.save(connection, NAME, "القمح", "q=القمح")
        editors.remove(connection, NAME)
    assert owner(kept, key) is None
    with kept.reading() as connection:
        assert editors.with_token(connection, token) is None
        assert saved.saved(connection, NAME) == []
        assert editors.all_of(connection) == []
    for work in (editors.remove, editors.new_token, editors.revoke):
        with pytest.raises(InputError, match="there is no editor"), kept.writing() as connection:
            work(connection, NAME)
