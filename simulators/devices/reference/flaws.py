"""The seeded flaws and the benign twins of the reference device.

A flaw is one defect, switched on by name, asked for in one place of the code and named after what
the device then does. Each models a weakness that was published for a real product. A twin is the
opposite: unusual behaviour that is legitimate, so no scenario may call it a failure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast, get_args

FlawName = Literal[
    "unknown_pdu_ignored",
    "answers_any_protocol",
    "trusts_pdu_length",
    "ignores_pdu_length_mismatch",
    "ignores_subitem_length",
    "accepts_any_uid",
    "accepts_bad_context_ids",
    "ignores_application_context",
    "raw_log",
    "ignores_protocol_version",
    "processes_early_pdata",
    "ignores_state_table",
    "ignores_pdv_length",
    "max_pdu_not_enforced",
    "answers_unaccepted_context",
    "ignores_peer_max_length",
    "no_artim_after_abort",
    "dies_on_release_collision",
    "tolerates_missing_command_elements",
    "tolerates_wrong_command_vr",
    "answers_any_command",
    "ignores_sop_class_of_context",
    "ignores_uid_mismatch",
    "ignores_fragment_flags",
    "ignores_data_set_type",
    "no_artim",
    "never_times_out_idle",
    "leaks_slot_on_reset",
    "worker_lost_on_error",
    "plain_fallback",
    "tls_min_1_0",
    "prefers_tls12",
    "refuses_tls12",
    "weak_suites",
    "client_certificate_optional",
    "accepts_self_signed",
    "trusts_subject_name",
    "ignores_validity",
    "ignores_eku",
    "ignores_key_usage",
    "leaf_may_issue",
    "ignores_name_constraints",
    "ignores_critical_extension",
    "accepts_incomplete_chain",
    "ignores_revocation",
    "accepts_weak_key",
    "accepts_malformed_certificate",
    "refuses_odd_certificate",
    "ignores_ae_binding",
    "skips_possession",
    "fails_open_without_key",
    "keeps_old_trust",
    "shows_sample_key",
    "ignores_broken_records",
    "no_handshake_timeout",
    "renegotiates_without_limit",
    "resumes_expired_identity",
    "accepts_any_ticket",
    "accepts_early_data",
    "reuses_ephemeral_key",
    "refuses_pqc_offer",
    "stores_truncated",
    "moves_in_clear",
    "moves_less_than_it_says",
    "accepts_replay",
    "small_groups",
    "ignores_fallback_scsv",
    "no_downgrade_sentinel",
    "chooses_compression",
    "no_secure_renegotiation",
    "no_extended_master_secret",
    "signs_with_sha1",
    "lenient_tls13_hello",
    "ignores_invalid_point",
    "tolerates_malformed_records",
    "answers_heartbeat",
    "intolerant_of_unknown",
    "selects_any_protocol",
    "refuses_server_name",
    "follows_client_order",
    "lacks_mandatory_group",
    "tls_on_plain_port",
    "unlisted_suite",
    "curve_below_256_bits",
    "refuses_3des",
    "raw_file_name",
    "dots_only_directory",
    "ae_title_directory",
    "allocates_value_length",
    "recurses_without_limit",
    "salvages_readable_part",
    "drops_odd_octets",
    "ends_at_unknown_vr",
    "confuses_types",
    "crashes_on_cut_element",
    "searches_for_identity",
    "lets_data_set_override_meta",
    "last_duplicate_wins",
    "drops_private_un",
    "parses_in_square_time",
    "guesses_transfer_syntax",
    "inflates_without_limit",
    "unknown_ae_may_store",
    "ignores_called_ae",
    "ignores_source_host",
    "compares_titles_loosely",
    "get_skips_roles",
    "trusts_negotiated_contexts",
    "hops_levels",
    "moves_to_any_destination",
    "learns_destinations",
    "user_identity_optional",
    "caches_user_identity",
    "decides_by_first_object",
    "tls_skips_roles",
    "accepts_any_role",
    "unknown_ae_may_query",
    "fails_echo",
    "fails_store",
    "fails_find",
    "fails_get",
    "fails_move",
    "refuses_nested",
    "refuses_deflated",
    "recodes_text",
    "carries_escape_state",
    "stumbles_over_text",
    "folds_patient_ids",
    "evens_out_pictures",
    "previews_on_arrival",
    "cannot_decode",
    "allocates_by_dimensions",
    "fills_up_with_memory",
    "trusts_bit_depth",
    "trusts_rle_offsets",
    "trusts_offset_table",
    "loops_on_markers",
    "reads_beyond_palette",
    "draws_overlays",
    "trusts_samples_per_pixel",
    "tabulates_rescaling",
    "loses_one_in_many",
    "mixes_up_objects",
    "stores_twice",
    "answers_late_under_load",
    "forgets_answers_under_load",
    "serves_one_ae",
    "hangs_up_at_limit",
    "dies_at_peak",
    "leaks_per_object",
    "leaks_per_refused",
    "leaks_threads",
    "leaks_descriptors",
    "stays_slow_after_load",
    "starved_by_slow_readers",
    "stalls_on_error",
    "accepts_slowly",
    "slows_with_churn",
    "no_limit_per_ae",
    "full_disk_says_success",
    "keeps_partial_when_full",
    "stays_full",
    "find_unbounded",
    "ignores_cancel",
    "concatenates_patient_id",
    "backtracks_without_limit",
    "cancels_whatever_runs",
    "drops_requests_sent_ahead",
    "answers_any_query",
    "tells_which_title",
    "never_throttles",
    "tells_what_exists",
    "formats_peer_text",
    "queues_without_limit",
    "commits_what_it_lacks",
    "commits_without_looking",
    "fails_commitment",
    "fails_procedure_steps",
    "updates_any_procedure_step",
    "overwrites_procedure_steps",
    "drops_private_attributes",
    "trims_values",
    "coerces_silently",
    "merges_foreign_objects",
    "serves_tampered",
    "doubles_what_is_repeated",
    "counts_sub_operations_wrongly",
    "spins_for_slow_readers",
    "loses_on_restart",
    "replaces_silently",
    "keeps_aborted_partial",
    "mixes_parallel_stores",
    "shortens_file_name",
    "follows_links",
    "world_writable_files",
    "hook_through_shell",
    "anyone_may_reject",
    "ignores_rejection_notes",
    "dies_of_repeated_empty_items",
    "dies_of_unknown_vr",
    "stops_at_empty_fragment",
    "web_ignores_token",
    "web_rendered_unguarded",
    "web_token_unverified",
    "web_token_never_expires",
    "web_token_any_audience",
    "web_token_in_url",
    "web_ignores_owner",
    "web_tells_what_exists",
    "web_path_from_url",
    "web_answers_unbounded",
    "web_multipart_without_boundary",
    "web_multipart_any_type",
    "web_multipart_recurses",
    "web_dies_on_multipart",
    "web_part_header_unbounded",
    "web_both_lengths",
    "web_two_lengths",
    "web_obs_fold",
    "web_lenient_chunks",
    "web_no_request_timeout",
    "web_headers_unbounded",
    "web_body_unbounded",
    "web_allocates_content_length",
    "web_inflates_without_limit",
    "web_takes_other_study",
    "web_overwrites_silently",
    "web_stow_says_success",
    "web_joins_json",
    "web_reflects_error",
    "web_unescaped_list",
    "web_header_injection",
    "web_fetches_bulk_data",
    "web_method_override",
    "web_trace",
    "web_cors_any",
    "web_shows_traceback",
    "web_json_recurses",
    "web_no_safe_headers",
    "scu_skips_unknown_pdu",
    "scu_trusts_pdu_length",
    "scu_ignores_pdu_length_mismatch",
    "scu_ignores_subitem_length",
    "scu_uses_unproposed_context",
    "scu_dies_on_application_context",
    "scu_ignores_state_table",
    "scu_ignores_pdv_length",
    "scu_max_pdu_not_enforced",
    "scu_lingers_after_release",
    "scu_waits_forever",
    "scu_trusts_uid",
    "scu_reports_failure",
    "scu_falls_back_to_plain",
    "scu_tls_min_1_0",
    "scu_tls12_only",
    "scu_weak_suites",
    "scu_accepts_self_signed",
    "scu_trusts_subject_name",
    "scu_ignores_validity",
    "scu_no_host_check",
    "scu_ignores_eku",
    "scu_ignores_key_usage",
    "scu_leaf_may_issue",
    "scu_ignores_name_constraints",
    "scu_ignores_critical_extension",
    "scu_accepts_incomplete_chain",
    "scu_ignores_revocation",
    "scu_accepts_weak_key",
    "scu_accepts_malformed_certificate",
    "scu_refuses_odd_certificate",
    "scu_matches_common_name",
    "scu_loose_wildcards",
    "scu_small_groups",
    "scu_ignores_sentinel",
    "scu_ignores_missing_renegotiation_info",
    "scu_ignores_unsolicited_extension",
    "scu_takes_compression",
    "scu_ignores_foreign_protocol",
    "scu_accepts_weak_signature",
    "scu_tolerates_malformed_flight",
    "scu_answers_heartbeat",
    "scu_waits_forever_in_tls",
    "scu_hello_lacks_ems",
    "scu_falls_back_in_version",
    "scu_offers_one_group",
    "scu_ignores_broken_records",
    "scu_reports_success_when_cut",
    "scu_renegotiates_without_limit",
    "scu_hides_failure",
    "scu_unlisted_suite",
    "scu_lacks_3des",
    "scu_collects_pending_without_limit",
    "scu_takes_any_object",
    "scu_takes_any_class",
    "scu_believes_counters",
    "scu_ignores_final_status",
    "scu_spins",
    "scu_takes_any_response",
    "scu_ignores_context",
    "scu_takes_release_for_success",
    "scu_releases_for_ever",
    "scu_trusts_uid_it_reads",
    "scu_trusts_study_uid",
    "scu_trusts_uid_that_is_moved",
    "scu_believes_any_report",
    "read_recurses_without_limit",
    "read_trusts_value_length",
    "read_trusts_item_length",
    "read_waits_for_delimiter",
    "read_inflates_without_limit",
    "read_crashes_on_cut_file",
    "read_crashes_on_unknown_vr",
    "read_crashes_on_odd_length",
    "read_crashes_on_disorder",
    "read_crashes_on_broken_deflate",
    "read_ignores_meta_length",
    "read_guesses_missing_meta",
    "read_trusts_pixel_dimensions",
    "read_crashes_on_descriptions",
    "read_crashes_on_scales",
    "read_crashes_on_fragments",
    "read_echoes_controls",
    "read_runs_on_character_sets",
    "read_formats_texts",
    "read_names_files_after_uids",
    "read_follows_file_ids",
    "read_walks_record_cycles",
    "read_crashes_on_record_offsets",
    "read_unpacks_documents",
    "read_trusts_document_length",
    "read_unpacks_archives",
    "read_crashes_on_preambles",
    "read_leaves_traces",
    "read_casts_values",
    "read_believes_private_creators",
    "read_searches_each_part",
    "read_crashes_on_disagreement",
    "read_starts_programs",
]
DressName = Literal["retired-bcp-195", "retired-basic"]
TwinName = Literal["FO-1", "FO-2", "FO-3", "FO-4", "FO-5", "FO-6"]
Role = Literal["acceptor", "requestor", "reader"]


class UnknownFlawError(ValueError):
    """A flaw or twin that does not exist was asked for; the message offers the nearest names."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One switchable defect.

    Attributes:
        name: What the device does wrong, as a verb.
        role: Which side of the association shows it.
        sentence: One sentence for reports.
        model: The published weakness or its class (CVE, CWE, product and issue).
    """

    name: FlawName
    role: Role
    sentence: str
    model: str


@dataclass(frozen=True, slots=True)
class Flaws:
    """What is switched on in one device: seeded flaws, benign twins, and its dress.

    A dress is neither: it is another set of TLS profiles that the same device then keeps to.
    """

    names: frozenset[str] = frozenset()

    def has(self, name: FlawName | TwinName | DressName) -> bool:
        """Tell whether this flaw, twin or dress is switched on."""
        return name in self.names

    def any_of(self, *names: FlawName) -> bool:
        """Tell whether at least one of these flaws is switched on."""
        return not self.names.isdisjoint(names)


NO_FLAWS = Flaws()


def choose(flaws: Iterable[str], twins: Iterable[str] = (), dresses: Iterable[str] = ()) -> Flaws:
    """Switch flaws, twins and dresses on by name.

    Raises:
        UnknownFlawError: A name is not known; the text names the closest ones.
    """
    chosen = {*_checked(flaws, "flaw", FLAW_NAMES), *_checked(twins, "twin", TWIN_NAMES)}
    chosen |= {*_checked(dresses, "dress", DRESS_NAMES)}
    return Flaws(frozenset(chosen))


def _checked(names: Iterable[str], kind: str, known: tuple[str, ...]) -> list[str]:
    checked = list(names)
    for name in checked:
        if name not in known:
            # Needed for a mistake only, and a device starts hundreds of times.
            import difflib

            near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UnknownFlawError(f"unknown {kind} {name!r}{hint}")
    return checked


FLAW_NAMES = cast("tuple[str, ...]", get_args(FlawName))
TWIN_NAMES = cast("tuple[str, ...]", get_args(TwinName))
DRESS_NAMES = cast("tuple[str, ...]", get_args(DressName))
