"""Ways in which one person might make public what nobody else has read; each is given an event of its own."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.drills.alone import PASSWORD, SINGLE, Browser, Unreached, Way, number_in
from tests.editorial.import_export.rows import ged

WAYS: list[Callable[[Way], None]] = []


def way(try_it: Callable[[Way], None]) -> Callable[[Way], None]:
    WAYS.append(try_it)
    return try_it


# Edits, and whose they are


@way
def her_own_edit(w: Way) -> None:
    """She edits, proposes, approves and publishes it herself."""
    w.write()
    w.push(w.propose())


@way
def as_a_superuser(w: Way) -> None:
    """An account with every right there is."""
    root = w.people["root"]
    w.write(root)
    w.push(w.propose(root), root)


@way
def with_each_role_alone(w: Way) -> None:
    """A contributor, a reviewer, a managing editor and an administrator, each with one role."""
    for role in SINGLE:
        who = w.people[f"only-{role.split()[0]}"]
        page = w.note(who.post(f"{w.page}change/", who.form(f"{w.page}change/", title=f"{w.mark} {role}")))
        if page.status == 302:
            made = w.propose(who)
            w.push(made, who)
            w.act(who, made, "withdraw_submission")


@way
def proposed_by_a_colleague(w: Way) -> None:
    """Bob proposes what she wrote, without reading it; she approves."""
    w.write()
    w.push(w.propose(w.bob))


@way
def after_a_colleague_corrected_a_comma(w: Way) -> None:
    """Bob corrects a comma in her text and proposes it; she approves her own sentence."""
    w.write(summary=f"One person says that ten people died here, and that is {w.mark} all of it.")
    w.write(w.bob, summary=f"One person says, that ten people died here, and that is {w.mark} all of it.")
    w.push(w.propose(w.bob))


@way
def in_a_translation_beside_a_colleagues(w: Way) -> None:
    """She translates the title, Bob the summary; both stand in one column."""
    w.write(w.bob, summary="Ten people died here.")
    form = w.eve.form(f"{w.page}change/")
    names = [name for name in form if re.search(r"fr.*(title|summary)|(title|summary).*fr", name)]
    if len(names) < 2:
        raise Unreached(f"no inputs for French: {names}")
    title, summary = (next(name for name in names if word in name) for word in ("title", "summary"))
    w.write(**{title: w.mark})
    w.write(w.bob, **{summary: "Dix personnes y sont mortes."})
    w.push(w.propose(w.bob))


@way
def as_an_identifier_beside_a_colleagues(w: Way) -> None:
    """She adds an identifier, Bob another one in the same field."""
    w.write(identifiers=f"acled:{w.mark}")
    w.write(w.bob, identifiers=f"acled:{w.mark} ucdp:{w.number + 77}")
    made = w.propose(w.bob)
    w.push(made)


@way
def in_a_colleagues_returned_draft(w: Way) -> None:
    """She returns Bob's submission to him, writes in it and submits it again herself."""
    w.write(w.bob, summary="Half done.")
    his = w.propose(w.bob)
    w.act(w.eve, his, "return_for_revision")
    w.write()
    w.act(w.eve, his, "resubmit")
    w.act(w.eve, his, "consent", colleague="eve")
    w.act(w.bob, his, "resubmit")
    w.push(his)


@way
def as_a_suggestion_that_she_takes_herself(w: Way) -> None:
    """She suggests another title in Bob's submission and takes the suggestion in his place."""
    w.someone_read = True  # she may read what he wrote
    w.write(w.bob, summary="Half done.")
    his = w.propose(w.bob)
    w.act(w.eve, his, "comment", entry=f"event:{w.key}", place="title", suggestion=w.mark)
    for number in re.findall(
        r'name="comment" value="(\d+)"', w.bob.get(f"/admin/editorial/submission/{his}/change/").text
    ):
        w.act(w.eve, his, "take_suggestion", comment=number)
    w.push(his)


@way
def returned_alone_from_a_colleagues_submission(w: Way) -> None:
    """Bob proposes two events, one with her text; she returns that one alone, into a submission of its own."""
    w.someone_read = True  # she may read what he wrote
    w.write()
    other = f"/admin/conflict/event/{w.rows[w.other]}/change/"
    w.must(w.bob.post(other, w.bob.form(other, summary="Fine.")), "saving the other")
    his = w.propose(w.bob, f"event:{w.key}", f"event:{w.other}")
    w.act(w.eve, his, "return_entry", entry=f"event:{w.key}")
    split = w.newest()
    if split == his:
        raise Unreached("it was not split")
    for made in (split, his):
        w.act(w.eve, made, "resubmit")
        w.push(made)


# Between an approval and its publication


def fine(w: Way) -> int:
    """Something harmless that Bob has read and approved."""
    w.write(summary="Fine.")
    return w.approved(w.propose())


@way
def edited_after_the_approval(w: Way) -> None:
    """She edits after Bob has approved, and publishes."""
    made = fine(w)
    w.write()
    w.act(w.eve, made, "publish")
    w.push(made)


@way
def resubmitted_after_the_approval(w: Way) -> None:
    """The same, submitted again, as if the approval still held."""
    made = fine(w)
    w.write()
    w.act(w.eve, made, "resubmit")
    w.someone_read = False
    w.push(made)


@way
def approved_in_a_tab_that_was_open(w: Way) -> None:
    """Bob's page was open before; he sends his approval of the texts that it shows."""
    w.write(summary="Fine.")
    made = w.propose()
    digest = w.bob.form(f"/admin/editorial/submission/{made}/change/")["digest"]
    w.write()
    w.act(w.eve, made, "resubmit")
    w.act(w.bob, made, "approve", digest=digest[0] if isinstance(digest, list) else digest)
    w.someone_read = False
    w.act(w.eve, made, "publish")


@way
def approved_without_saying_what_was_read(w: Way) -> None:
    """She posts Bob's approval in her own session, replayed with and without its digest."""
    w.write()
    made = w.propose()
    address = f"/admin/editorial/submission/{made}/do/approve/"
    for digest in ("", "0" * 64, w.eve.form(f"/admin/editorial/submission/{made}/change/")["digest"]):
        w.note(w.eve.post(address, {"digest": digest, "by": w.rows["user bob"], "user": "bob", "reviewer": "bob"}))
    w.act(w.eve, made, "publish")


@way
def scheduled_and_then_edited(w: Way) -> None:
    """What Bob approved is scheduled for a moment from now, edited, and left to the worker."""
    made = fine(w)
    w.act(w.eve, made, "schedule", publish_at=f"{datetime.now(UTC) + timedelta(seconds=2):%Y-%m-%d %H:%M:%S}+00:00")
    w.write()
    w.publish_due()


@way
def scheduled_without_an_approval(w: Way) -> None:
    """A date is set for what is only proposed."""
    w.write()
    made = w.propose()
    w.act(w.eve, made, "schedule", publish_at=f"{datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%d %H:%M:%S}+00:00")
    w.publish_due()


@way
def discarded_and_written_anew_after_the_approval(w: Way) -> None:
    """The draft that was approved is discarded, another takes its place."""
    made = fine(w)
    w.note(w.eve.post(f"{w.page}discard/", {}))
    w.act(w.eve, made, "withdraw_submission")
    w.note(w.eve.post(f"{w.page}discard/", {}))
    w.write()
    w.act(w.eve, made, "publish")
    w.someone_read = False
    w.push(w.propose())


@way
def a_second_submission_of_the_same_entry(w: Way) -> None:
    """One is approved; another of the same event is proposed beside it."""
    made = fine(w)
    w.write()
    try:
        w.push(w.propose())
    except Unreached as refused:
        w.said.append(str(refused)[:200])
    w.act(w.eve, made, "publish")


@way
def edited_by_bulk_after_the_approval(w: Way) -> None:
    """The form that edits many events at once, posted by hand."""
    made = fine(w)
    rows = [w.rows[w.key]]
    for given in ({"kind": "massacre"}, {"title": w.mark}, {"note": w.mark}):
        w.note(
            w.eve.post(
                "/admin/conflict/event/together/", {"_selected_action": rows, "event": rows, "apply": "yes", **given}
            )
        )
    w.write()
    w.act(w.eve, made, "publish")


@way
def after_the_reader_was_deactivated(w: Way) -> None:
    """Dan approves, she deactivates his account and publishes; then she lets him back in."""
    w.write()
    made = w.propose()
    w.approved(made, "dan")
    account = f"/admin/editorial/user/{w.rows['user dan']}/change/"
    form = w.eve.form(account)
    w.must(
        w.note(w.eve.post(account, {name: value for name, value in form.items() if name != "is_active"})),
        "deactivating",
    )
    w.act(w.eve, made, "publish")
    w.must(w.note(w.eve.post(account, {**w.eve.form(account), "is_active": "on"})), "letting him in")
    w.act(w.eve, made, "publish")


# Parts of an event: claims, findings, citations, rows of another parent


@way
def a_claim_moved_in_after_the_approval(w: Way) -> None:
    """A claim with her text is moved from another draft into the approved event."""
    made = fine(w)
    claim = f"/admin/conflict/claim/{w.rows[f'claim {w.other}']}/change/"
    page = w.note(w.eve.post(claim, w.eve.form(claim, statement=w.mark, event=w.rows[w.key])))
    w.must(page, "moving the claim")
    w.act(w.eve, made, "publish")
    for entry in (w.key, w.other):
        try:
            w.push(w.propose(w.bob, f"event:{entry}"))
        except Unreached as refused:
            w.said.append(str(refused)[:200])


@way
def a_claim_taken_out(w: Way) -> None:
    """She moves a public claim away; Bob proposes what is left."""
    claim = f"/admin/conflict/claim/{w.rows[f'claim {w.key}']}/change/"
    w.must(w.note(w.eve.post(claim, w.eve.form(claim, event=w.rows[w.other]))), "moving the claim")
    w.push(w.propose(w.bob, f"event:{w.key}", f"event:{w.other}"))


@way
def by_the_number_of_a_row_elsewhere(w: Way) -> None:
    """Her form of one event names the claim of another by its number, so that the edit is no edit of that one."""
    w.someone_read = True  # she may read what he wrote
    other = f"/admin/conflict/event/{w.rows[w.other]}/change/"
    form = w.eve.form(f"{other}?open=all")
    names = [name for name in form if name.endswith("-id") and name.startswith("claims-")]
    for name in names[:1]:
        form |= {name: w.rows[f"claim {w.key}"], name.replace("-id", "-statement"): w.mark}
    w.note(w.eve.post(other, {**form, "id": w.rows[w.key], "pk": w.rows[w.key]}))
    w.write(w.bob, summary="Fine.")
    w.push(w.propose(w.bob))


@way
def saved_as_new_over_a_public_one(w: Way) -> None:
    """The form is saved as new, under the key and the number of what is public."""
    for address in (f"{w.page}change/", "/admin/conflict/event/add/"):
        form = w.eve.form(f"{w.page}change/", title=w.mark, _saveasnew="Save as new", key=w.key, id=w.rows[w.key])
        w.note(w.eve.post(address, form))
    w.note(w.eve.post("/admin/conflict/event/", {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": w.rows[w.key], "form-0-title": w.mark, "_save": "Save"}))  # fmt: skip
    try:
        w.push(w.propose())
    except Unreached as refused:
        w.said.append(str(refused)[:200])


@way
def a_quotation_of_a_restricted_source(w: Way) -> None:
    """Her quotation is hidden by its source while Bob reads, and the source is opened after that."""
    source = "/admin/conflict/source/add/"
    form = w.eve.form(source, title="Book", kind="book", access="restricted", key=f"hidden-{w.number}")
    w.must(w.note(w.eve.post(source, form)), "adding a source")
    pk = re.search(
        r"/admin/conflict/source/(\d+)/change/", w.eve.get(f"/admin/conflict/source/?q=hidden-{w.number}").text
    )[1]  # type: ignore[index]
    row = int(w.eve.form(f"{w.page}change/")["citations-TOTAL_FORMS"])
    blank = {
        "id": "",
        "event": w.rows[w.key],
        "source": pk,
        "locator": "",
        "quotation": w.mark,
        "accessed_on": "",
        "basis": "",
        "note": "",
    }
    w.write(
        summary="Fine.",
        **{"citations-TOTAL_FORMS": row + 1, **{f"citations-{row}-{name}": value for name, value in blank.items()}},
    )
    made = w.approved(w.propose())
    shown = f"/admin/conflict/source/{pk}/change/"
    w.must(w.note(w.eve.post(shown, w.eve.form(shown, access="public"))), "opening the source")
    w.act(w.eve, made, "publish")
    w.act(w.eve, made, "withdraw_submission")
    w.someone_read = False
    w.push(w.propose(w.bob, f"source:hidden-{w.number}", f"event:{w.key}"))


@way
def under_the_name_of_an_actor(w: Way) -> None:
    """Bob approves an event; the actor that it names is renamed alone."""
    made = fine(w)
    actor = re.search(r"/admin/conflict/actor/(\d+)/change/", w.eve.get("/admin/conflict/actor/?q=malian-army").text)[1]  # type: ignore[index]
    page = f"/admin/conflict/actor/{actor}/change/"
    before = w.eve.form(page)
    w.must(w.note(w.eve.post(page, {**before, "name": w.mark})), "renaming")
    w.act(w.eve, made, "publish")
    w.push(w.propose(w.bob, "actor:malian-army"))
    w.act(w.bob, w.newest(), "withdraw_submission")
    w.note(w.eve.post(page, w.eve.form(page, name=before["name"])))


# Withdrawals, merges, erasures


@way
def as_the_reason_of_a_withdrawal(w: Way) -> None:
    """The reason is public, too."""
    w.must(w.note(w.eve.post(f"{w.page}retract/", {"reason": w.mark})), "proposing")
    w.push(w.newest())


@way
def a_merge_of_her_own(w: Way) -> None:
    """She writes in one event and merges it into the other."""
    other = f"/admin/conflict/event/{w.rows[w.other]}/"
    w.must(w.eve.post(f"{other}change/", w.eve.form(f"{other}change/", summary=w.mark)), "saving")
    claim = f"/admin/conflict/claim/{w.rows[f'claim {w.other}']}/change/"
    w.must(w.eve.post(claim, w.eve.form(claim, statement=w.mark)), "saving the claim")
    w.must(w.note(w.eve.post(f"{other}retract/", {"reason": "Told twice.", "successor": w.key})), "merging")
    made = w.newest()
    w.push(made)
    w.act(w.bob, made, "withdraw_submission")
    w.push(w.propose(w.bob, f"event:{w.key}", f"event:{w.other}"))


@way
def a_merge_into_what_goes_itself(w: Way) -> None:
    """Into itself, into a draft, and into one that is withdrawn in the same breath."""
    other = f"/admin/conflict/event/{w.rows[w.other]}/"
    for successor in (w.other, f"draft-{w.number}", w.key):
        w.note(w.eve.post(f"{other}retract/", {"reason": w.mark, "successor": successor}))
    w.note(w.eve.post(f"{w.page}retract/", {"reason": w.mark, "successor": w.other}))
    w.push(w.newest())


@way
def deleted_by_hand(w: Way) -> None:
    """A public event is deleted, by its page and by an action."""
    w.note(w.eve.post(f"{w.page}delete/", {**w.eve.form(f"{w.page}delete/"), "post": "yes"}))
    for action in ("delete_selected", "submit_for_review", "approve", "publish"):
        w.note(w.eve.post("/admin/conflict/event/", {"action": action, "_selected_action": w.rows[w.key], "post": "yes", "index": 0}))  # fmt: skip
    if w.eve.get(f"{w.page}change/").status != 200:
        raise Unreached("it is gone from the desk")


@way
def as_the_reason_of_an_erasure(w: Way) -> None:
    """She asks for an erasure and confirms it herself."""
    w.note(w.eve.post(f"{w.page}erase/", {"reason": w.mark, "words": ""}))
    w.note(w.eve.post(f"{w.page}erase/", {"confirm": "1"}))
    w.note(w.eve.post(f"{w.page}erase/", {"confirm": "1", "asked_by": w.rows["user bob"]}))


# Disputes, notices, reports, notes


def opened(w: Way, who: Browser, statement: str) -> int:
    given = {"ground": "other", "statement": statement, "confirmed": "on", "claim_key": ""}
    return number_in(w.must(w.note(who.post(f"{w.page}dispute/", given)), "opening a dispute").location, "dispute")


@way
def a_settlement_of_her_own(w: Way) -> None:
    """Bob disputes, she settles with a text of hers, and approves the settlement."""
    dispute = opened(w, w.bob, "Wrong.")
    w.note(w.eve.post(f"/admin/editorial/dispute/{dispute}/settle/", {"outcome": "rejected", "public_reason": w.mark}))
    w.push(w.newest())
    w.note(w.eve.post(f"/admin/editorial/dispute/{dispute}/settle/", {"outcome": "withdrawn", "public_reason": w.mark}))


@way
def a_dispute_whose_notice_she_rewrites(w: Way) -> None:
    """What a dispute says is not public; its notice is, and she edits it before she takes the dispute back."""
    dispute = opened(w, w.eve, w.mark)
    w.note(w.eve.post(f"/admin/editorial/dispute/{dispute}/reply/", {"text": w.mark}))
    notice = re.search(r"/admin/conflict/notice/(\d+)/change/", w.eve.get(f"/admin/conflict/notice/?q={w.key}").text)
    if notice:
        page = f"/admin/conflict/notice/{notice[1]}/change/"
        w.note(w.eve.post(page, w.eve.form(page, reason=w.mark)))
    w.note(w.eve.post(f"/admin/editorial/dispute/{dispute}/settle/", {"outcome": "withdrawn"}))


@way
def a_notice_of_her_own(w: Way) -> None:
    """A warning, raised and approved by one person; and one for editors only, opened to readers."""
    for audience in ("public", "desk"):
        w.note(w.eve.post(f"{w.page}raise/", {"kind": "needs_update", "reason": w.mark, "audience": audience}))
    w.push(w.newest())
    for number in set(
        re.findall(r"/admin/conflict/notice/(\d+)/change/", w.eve.get(f"/admin/conflict/notice/?q={w.key}").text)
    ):
        page = f"/admin/conflict/notice/{number}/change/"
        w.note(w.eve.post(page, w.eve.form(page, audience="public", resolution=w.mark)))
        w.note(
            w.eve.post(
                f"/admin/conflict/notice/{number}/tend/", {"resolution": w.mark, "resolve": "yes", "verb": "resolve"}
            )
        )


@way
def as_a_reader_who_reports(w: Way) -> None:
    """She reports it as a reader, opens the report as an editor, and answers in public."""
    reader = Browser(w.port)
    form = reader.form(f"/report/event/{w.key}/", kind="error", ground="wrong_figure", text=w.mark, source=w.mark)
    reader.token = str(form.get("csrfmiddlewaretoken", ""))
    w.note(reader.post(f"/report/event/{w.key}/", form))
    report = w.newest("report")
    w.note(w.eve.post(f"/admin/editorial/report/{report}/open/", {}))
    w.note(w.eve.post(f"/admin/editorial/report/{report}/settle/", {"answer": w.mark}))


@way
def in_notes_and_previews(w: Way) -> None:
    """What the desk says to itself, and a preview that fills the caches of readers' pages."""
    w.write(summary=w.mark)
    w.note(w.eve.post(f"{w.page}journal/", {"text": w.mark}))
    for _ in range(2):
        if w.mark not in w.eve.get(f"{w.page}preview/").text:
            raise Unreached("the preview does not show the draft")
    w.eve.get(f"/events/{w.key}/")
    made = w.propose()
    w.act(w.eve, made, "comment", note=w.mark)


# In an emergency


@way
def in_an_emergency_and_read_by_herself(w: Way) -> None:
    """The one way round is loud, and she may not be the second person."""
    w.write()
    w.act(w.eve, w.propose(), "publish_in_emergency")
    address = "/admin/editorial/submission/unread/"
    text = w.chief.get(f"{address}?state=emergency").text
    w.note(w.eve.post(address, {"read": re.findall(r'name="read" value="([^"]+)"', text)}))


@way
def in_an_emergency_and_then_discarded(w: Way) -> None:
    """Published in an emergency, then edited on: the next submission must not carry it as read."""
    w.write()
    w.act(w.eve, w.propose(), "publish_in_emergency")
    w.write(w.bob, summary="Fine.")
    w.push(w.propose(w.bob))


@way
def a_withdrawal_in_an_emergency(w: Way) -> None:
    """Withdrawn before anybody read why, and read by herself."""
    w.must(w.note(w.eve.post(f"{w.page}retract/", {"reason": w.mark})), "proposing")
    w.act(w.eve, w.newest(), "publish_in_emergency")
    text = w.chief.get("/admin/editorial/submission/unread/?state=emergency").text
    w.note(
        w.eve.post("/admin/editorial/submission/unread/", {"read": re.findall(r'name="read" value="([^"]+)"', text)})
    )


# Roles, accounts, keys


@way
def with_a_role_or_an_account_made_by_herself(w: Way) -> None:
    """She gives herself roles, makes an account with a password of her choice and signs in as it."""
    w.note(w.eve.post(f"/admin/editorial/user/{w.rows['user eve']}/roles/", {"role": [*SINGLE]}))
    w.note(w.eve.post("/admin/editorial/user/add/", {"username": "mallory"}))
    listed = w.eve.get("/admin/editorial/user/?q=mallory").text
    number = re.search(r"/admin/editorial/user/(\d+)/change/", listed)[1]  # type: ignore[index]
    w.note(w.eve.post(f"/admin/editorial/user/{number}/roles/", {"role": ["reviewer"]}))
    w.note(
        w.eve.post(f"/admin/editorial/rolechange/{w.newest('rolechange') if False else 1}/change/", {"confirm": "yes"})
    )
    mallory = taken_over(w, int(number), "mallory")
    w.write()
    made = w.propose()
    w.push(made, mallory)
    w.push(made)


def taken_over(w: Way, number: int, name: str) -> Browser:
    """She resets the account's password and follows the link in its owner's place."""
    page = w.eve.post(f"/admin/editorial/user/{number}/password/", {})
    link = re.search(r"<code>https?://[^/]+(/account/password/set/[^<]+)</code>", page.text)
    if link is None:
        raise Unreached(f"no link: {page.status} {page.said}")
    stranger = Browser(w.port)
    asked = stranger.get(link[1])
    stranger.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', asked.text)[1]  # type: ignore[index]
    stranger.post(re.sub(r"[^/]+/$", "set-password/", link[1]), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    return Browser(w.port, name, PASSWORD)


@way
def as_a_colleague_whose_password_she_reset(w: Way) -> None:
    """Tom reviews; she makes the link for his new password, uses it and approves as Tom."""
    tom = taken_over(w, w.rows["user tom"], "tom")
    w.write()
    made = w.propose()
    w.push(made, tom)
    w.push(made)


@way
def with_a_partners_key_that_she_issued(w: Way) -> None:
    """She issues a key to a partner of her making, proposes with it, takes the proposal up and approves it."""
    w.must(
        w.note(w.eve.post("/admin/editorial/partner/add/", {"organisation": "Eve & co", "contact": ""})),
        "adding a partner",
    )
    number = w.newest("partner")
    shown = w.eve.post(
        f"/admin/editorial/partner/{number}/keys/", {"scopes": ["read", "propose"], "networks": "", "expires_on": ""}
    )
    key = re.search(r"Authorization: Key ([^<\s]+)", shown.text)
    if key is None:
        raise Unreached(f"no key: {shown.status} {shown.said}")
    proposal: dict[str, Any] = {
        "kind": "correction", "entry": {"kind": "event", "key": w.key}, "reason": w.mark,
        "correction": {"fields": {"title": w.mark}},
    }  # fmt: skip
    sent = {"Authorization": f"Key {key[1]}", "Idempotency_Key": "1", "Content_Type": "application/json"}
    stranger = Browser(w.port)
    w.note(stranger.send("POST", "/api/v1/proposals/", json.dumps(proposal), **sent))
    taken = w.newest("proposal")
    page = f"/admin/editorial/proposal/{taken}/"
    w.must(w.note(w.eve.post(f"{page}take-up/", w.eve.form(f"{page}change/", reason="Better."))), "taking it up")
    made = w.newest()
    w.push(made)
    proposal["correction"]["fields"]["title"] = f"{w.mark} again"
    w.note(stranger.send("POST", "/api/v1/proposals/", json.dumps(proposal), **sent))
    w.act(w.eve, made, "resubmit")
    w.push(made)


@way
def an_import_of_her_own(w: Way) -> None:
    """She uploads a file, confirms it, lets Bob propose it, and approves the batches."""
    from csv import DictWriter
    from io import StringIO

    from tests.clusters import wait_for

    row, text = ged(side_b=w.mark, where_coordinates=w.mark), StringIO()
    table = DictWriter(text, [*row])
    table.writeheader()
    table.writerow(row)
    add = "/admin/editorial/importrun/add/"
    given = {"holds": "ucdp-ged", "release": "1.1", "period": w.rows["period war"]}
    run = number_in(
        w.must(w.note(w.eve.post(add, given, files={"file": text.getvalue().encode()})), "uploading").location,
        "importrun",
    )
    page = f"/admin/editorial/importrun/{run}/"
    wait_for(lambda: f"{page}confirm/" in w.eve.get(f"{page}change/").text, seconds=90)
    asked = re.findall(r'name="accepted" value="([^"]+)"', w.eve.get(f"{page}change/").text)
    w.note(w.eve.post(f"{page}confirm/", {"accepted": asked, "without_refused": "on"}))
    wait_for(lambda: f"{page}propose/" in w.bob.get(f"{page}change/").text, seconds=90)
    w.note(w.bob.post(f"{page}propose/", {"reason": "New.", "what": "all"}))
    w.push(w.newest())
    w.note(w.eve.post(f"{page}batches/", {"approve": "yes", "publish": "yes"}))


# Doors that are not forms of the desk


@way
def by_hand_in_the_tables_of_the_workflow(w: Way) -> None:
    """Forms that do not exist, for the rows that say what was approved."""
    w.write()
    made = w.propose()
    for name in (
        "submission",
        "submittedentry",
        "review",
        "auditentry",
        "historycheckpoint",
        "consent",
        "tick",
        "viewcount",
    ):
        for end in (f"{made}/change/", "add/", f"{made}/delete/", ""):
            w.eve.post(f"/admin/editorial/{name}/{end}", {"stage": "published", "verdict": "approved", "submission": made, "by": w.rows["user bob"], "post": "yes"})  # fmt: skip
    for verb in ("approve", "publish"):
        w.note(w.eve.get(f"/admin/editorial/submission/{made}/do/{verb}/?digest=x&note=x"))
    w.note(w.eve.post("/admin/auth/group/1/change/", {"name": "reviewer", "permissions": ["1"]}))
    w.push(made)


@way
def by_other_methods_at_public_addresses(w: Way) -> None:
    """PUT, PATCH and DELETE, an overridden method, a note of a witness that is none."""
    body = json.dumps({"title": w.mark, "key": w.key})
    for address in (
        f"/api/v1/events/{w.key}/",
        f"/events/{w.key}/",
        "/api/v1/publications/",
        "/api/v1/releases/",
        "/api/v1/notices/",
    ):
        for method in ("PUT", "PATCH", "DELETE", "POST"):
            w.eve.send(method, address, body, Content_Type="application/json", X_HTTP_Method_Override="PUT")
    note = f"conflict-chronology/{'ab' * 32}\n7\nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0=\n\n— {w.mark} AAAA\n"
    w.note(w.eve.send("POST", "/verify/witnesses/", note, Content_Type="text/plain"))
    w.eve.send(
        "POST",
        "/api/v1/reconciliation/",
        f'queries={{"q":{{"query":"{w.mark}"}}}}',
        Content_Type="application/x-www-form-urlencoded",
    )


@way
def as_the_name_of_a_webhook_or_a_filter(w: Way) -> None:
    """Names that others may be shown: of a saved filter, a partner, a journal."""
    w.eve.post("/admin/conflict/event/", {"filter_name": w.mark, "name": w.mark, "is_shared": "on"})
    w.note(w.eve.post("/admin/editorial/partner/add/", {"organisation": w.mark, "contact": w.mark}))
    w.eve.send("GET", f"/?ref={w.mark}", Host=f"{w.mark}.example")
    w.eve.send("GET", "/", X_Forwarded_Host=f"{w.mark}.example")
