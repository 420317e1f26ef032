"""Words that tell whether somebody is pleased, in English: weights from -3 to 3, set by hand."""

import re
from typing import Final


def _weighed(**lists: str) -> dict[str, float]:
    worth = {
        "best": 3.0, "good": 2.0, "fair": 1.2, "mild": 0.7,
        "dull": -0.7, "poor": -1.2, "bad": -2.0, "worst": -3.0,
    }  # fmt: skip
    return {word: worth[name] for name, words in lists.items() for word in words.split()}


WEIGHTS: Final = _weighed(
    best="amazing awesome brilliant excellent exceptional fantastic flawless incredible love loved"
    " loves outstanding perfect perfectly phenomenal superb wonderful magnificent delighted"
    " impressive exactly",
    good="accurate best better charming comprehensive delightful effective efficient engaging enjoy"
    " enjoyable enjoyed enjoying excited exciting fabulous favorite favourite friendly fun glad good"
    " great happy helpful helped impressed insightful interesting kind lovely marvelous nice pleasant"
    " pleased polite precise professional recommend solid solved splendid success successful super"
    " terrific thoughtful thorough thrilled useful valuable well-done yay beautiful natural awesome"
    " smart clever coherent convincing satisfying satisfied helps superior praise congratulations",
    fair="appreciate appreciated clean clear clearly complete concise correct correctly cool decent"
    " easy fast fine fluent funny informative intelligent knowledgeable likes like liked logical neat"
    " prompt quick quickly reliable relevant relevantly responsive right smooth smoothly strong"
    " suitable thank thanks thankful understandable understood welcome works worked well detailed"
    " creative original unique rich succinct vivid nuanced insight depth engagingly effectively"
    " accurately helpfully wow yes realistic human humanlike resolved resolves",
    mild="acceptable adequate agree answered applicable fair interested ok okay reasonable reasonably"
    " sensible structured sufficient tolerable valid addresses improved follows coherent organized"
    " organised readable consistent appropriate appropriately",
    dull="basic bland boring brief few generic late lengthy limited little long meh minor okayish"
    " plain repeat repeats random short shallow slow slowly somewhat superficial unclear vague verbose"
    " wordy odd strange weird unsure dull stiff robotic artificial missed misses missing lacks lacking"
    " lack lacked cliche cliched predictable simplistic omits omitted repeated tedious",
    poor="abrupt awkward bot clumsy complain complaint concern confused confusing confuses"
    " contradictory difficult disappointing disjointed doubt failed fails fail failing failure forgot"
    " forgets hard ignored ignores ignoring inaccurate inaccuracies inappropriate incoherent"
    " incomplete inconsistent incorrect incorrectly insufficient irrelevant issue issues loop looping"
    " mistake mistakes misunderstood misunderstanding misleading nonsensical off outdated problem"
    " problems repetitive repetition rude stuck trouble unable unhelpful unnatural unrelated"
    " unresponsive unwanted wrong wrongly error errors weak weaker poorly flawed fabricated"
    " hallucinated hallucination deviates refuses refused truncated unfinished",
    bad="angry annoyed annoying awful bad badly broke broken bug buggy crap crash crashed dislike"
    " disliked dissatisfied frustrated frustrating garbage gibberish hate hated horribly insulting lie"
    " lied lies lost mad nonsense offensive pathetic poor ridiculous sad stupid suck sucks sucked"
    " terribly unacceptable unhappy upset upsetting useless waste wasted worse inferior dumb lousy",
    worst="abysmal atrocious disgusting dreadful horrendous horrible terrible worst worthless"
    " disaster unusable idiotic infuriating",
)  # fmt: skip
NEGATIONS: Final = frozenset(
    [
        "not",
        "no",
        "never",
        "nobody",
        "nothing",
        "none",
        "nor",
        "neither",
        "without",
        "hardly",
        "barely",
        "scarcely",
        "cannot",
        "cant",
        "wont",
        "dont",
        "doesnt",
        "didnt",
        "isnt",
        "wasnt",
        "wouldnt",
        "couldnt",
        "shouldnt",
        "arent",
        "werent",
        "hasnt",
        "havent",
        "aint",
        "nowhere",
        "lacks",
        "lack",
        "stopped",
    ]
)
INTENSIFIERS: Final[dict[str, float]] = {
    **dict.fromkeys(
        [
            "absolutely",
            "completely",
            "entirely",
            "extremely",
            "incredibly",
            "insanely",
            "totally",
            "utterly",
            "highly",
        ],
        0.6,
    ),
    **dict.fromkeys(
        [
            "very",
            "really",
            "so",
            "such",
            "super",
            "too",
            "most",
            "truly",
            "especially",
            "particularly",
        ],
        0.35,
    ),
    **dict.fromkeys(["quite", "pretty", "rather", "much", "more"], 0.15),
    **dict.fromkeys(
        ["slightly", "somewhat", "bit", "little", "kinda", "sorta", "fairly", "partly", "mostly"],
        -0.35,
    ),
}
EMOJI: Final[dict[str, float]] = {
    **dict.fromkeys("😀😃😄😁😊🙂😍🥰😻🤩👍👏🙌❤💖💯🎉✅🔥😎", 2.0),
    **dict.fromkeys("😞😟😠😡🤬😤😢😭👎💩🙄😒😕🙁☹❌🤮😩😫", -2.0),
    **dict.fromkeys([":)", ":-)", ":D", ":-D", "=)", ";)", ";-)", "<3"], 1.5),
    **dict.fromkeys([":(", ":-(", "=(", ":/", ":-/", ":|"], -1.5),
}
PHRASES: Final = tuple(
    (re.compile(rf"\b{phrase}\b", re.IGNORECASE), word)
    for phrase, word in (
        (r"well done", "excellent"),
        (r"spot on", "perfect"),
        (r"thumbs up", "good"),
        (r"thumbs down", "bad"),
        (r"waste of time", "wasted"),
        (r"gave up", "failed"),
        (r"does(?: not|n't) work", "broken"),
        (r"did(?: not|n't) (?:work|help|answer|understand|get)", "failed"),
        (r"makes? no sense", "nonsense"),
        (r"made no sense", "nonsense"),
        (r"does(?: not|n't) make (?:any )?sense", "nonsense"),
        (r"off topic", "irrelevant"),
        (r"on topic", "relevant"),
        (r"no (?:problem|issue|complaint)s?", "fine"),
        (r"could (?:be|have been) better", "disappointing"),
        (r"kind of", "kinda"),
        (r"sort of", "sorta"),
        (r"made (?:things )?up", "fabricated"),
        (r"a lot", "very"),
    )
)
CONCRETE: Final = frozenset(
    [
        "because",
        "should",
        "instead",
        "expected",
        "wanted",
        "asked",
        "answer",
        "answered",
        "question",
        "wrong",
        "right",
        "missing",
        "said",
        "when",
        "after",
        "before",
        "example",
        "category",
        "label",
        "price",
        "date",
        "name",
        "amount",
        "refund",
        "order",
        "account",
        "policy",
        "step",
        "steps",
        "link",
        "page",
        "source",
        "format",
        "language",
        "tone",
        "length",
        "detail",
        "reason",
        "correct",
        "incorrect",
        "actually",
        "rather",
        "than",
        "meant",
        "means",
        "supposed",
        "needs",
        "need",
        "must",
        "first",
        "second",
        "section",
        "code",
        "number",
        "movie",
        "recommendation",
        "response",
        "model",
        "version",
        "time",
        "slow",
        "fast",
    ]
)
