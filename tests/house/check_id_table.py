# SPDX-License-Identifier: Apache-2.0
"""P11: every header with functions that take ids is in its folder's table, tests/support/id_functions/<folder>.hpp, whose
functions get a million random ids; or here, with the reason."""
import re

from tree import run

TABLES = "tests/support/id_functions"
TAKES_IDS = re.compile(r"(?:\bId|span<const Id>|View<const Id, \d, \w+>&?|xtensor<Id, \d>&|vector<Id>&|const Histories&"
                       r"|RankingRows&|span<const Example>|InteractionLog&|const History<\w+>&|Batch<\w+>&) (\w+)(?=[,)])")

CHECKED = "calls check_log, or what does, first"
BY_ITS_CALLER = "its caller has checked them; says so"
NUMBERS = "takes a number of ids, or looks nothing up by them"
# Headers outside the table, each with the reason. Kernels are launched with ids that were checked where they entered.
WITHOUT = {
    "longshore/baselines/baseline.hpp": "the concept",
    "longshore/baselines/check_histories.hpp": "what the baselines in the table call",
    "longshore/baselines/check_request.hpp": "what the baselines in the table call",
    "longshore/baselines/floors.hpp": "makes the baselines in the table",
    "longshore/baselines/item_users.hpp": BY_ITS_CALLER,
    "longshore/core/batch.hpp": "copies them",
    "longshore/core/concepts.hpp": "asks for calls",
    "longshore/core/training.hpp": BY_ITS_CALLER,
    "longshore/data/example.hpp": NUMBERS,
    "longshore/data/filter_values.hpp": CHECKED,
    "longshore/data/global_time_split.hpp": CHECKED,
    "longshore/data/id_slots.hpp": NUMBERS,
    "longshore/data/k_core.hpp": CHECKED,
    "longshore/data/k_fold.hpp": NUMBERS,
    "longshore/data/leakage_report.hpp": CHECKED,
    "longshore/data/leave_one_out.hpp": CHECKED,
    "longshore/data/long_short_settings.hpp": "looks at what there is, not at ids",
    "longshore/data/windows_of.hpp": "takes ranges",
    "longshore/data/long_short_batches.hpp": "asks LongShortViews and Negatives",
    "longshore/data/most_frequent_items.hpp": NUMBERS,
    "longshore/data/name_items.hpp": NUMBERS,
    "longshore/data/random_split.hpp": CHECKED,
    "longshore/data/ratio_split.hpp": CHECKED,
    "longshore/data/remove_duplicates.hpp": CHECKED,
    "longshore/data/renumber.hpp": CHECKED,
    "longshore/data/renumber_as.hpp": CHECKED,
    "longshore/data/select_rows.hpp": CHECKED,
    "longshore/losses/sampled_softmax.hpp": "compares them",
    "longshore/metrics/diversity.hpp": "hands them to the distance",
    "longshore/metrics/ranking_rows.hpp": "what the rankings in the table call",
    "longshore/metrics/serendipity.hpp": NUMBERS,
    "longshore/models/any_of.hpp": "hands them to its block",
    "longshore/retrieval/export_lists.hpp": "hands filters to the index",
    "longshore/training/evaluation_rows.hpp": NUMBERS,
    "longshore/training/rank_model.hpp": "calls check_batch",
    "longshore/training/rank_model_sampled.hpp": "calls check_batch",
    "longshore/training/score_batches.hpp": "calls check_batch",
}


def check(tree):
    names = {header.name for header in tree.headers}
    listed = set()
    for path in sorted((tree.root / TABLES).glob("*.hpp")):
        here = re.findall(r'"(\w+)/(\w+\.hpp)"', path.read_text(encoding="utf-8"))
        listed |= {f"{folder}/{name}" for folder, name in here}
        for folder, name in sorted(set(here)):
            if folder != path.stem:
                yield f"{tree.relative(path)} names {folder}/{name}, which belongs in {folder}.hpp"
    for name in sorted(set(WITHOUT) - names):
        yield f"tests/house/check_id_table.py: WITHOUT names {name}, which does not exist"
    for name in sorted({f"longshore/{header}" for header in listed} - names):
        yield f"{TABLES} names {name}, which does not exist"
    for header in tree.headers:
        code = re.sub(r"//.*", "", header.text)
        found = TAKES_IDS.search(code)
        if not found or header.folder == "kernels" or header.name in WITHOUT:
            continue
        if header.name.removeprefix("longshore/") not in listed:
            yield f"{header.name}: a function takes ids ({found.group(1)}): {TABLES}/{header.folder}.hpp does not call it"


if __name__ == "__main__":
    run(check, __doc__)
