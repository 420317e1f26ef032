"""Document 2: training and certification. It prints no code: tracks, levels, modules, figures."""

from tests.requirements.checks import call
from tests.requirements.ledger import (
    Check,
    Document,
    Example,
    Kind,
    awaits,
    context,
    prose,
)

TRACKS = call("GET", "/api/academy/tracks")
MODULES = call("GET", "/api/academy/modules")
SCHEMES = call("GET", "/api/academy/schemes")
QUESTIONS = call("GET", "/api/academy/questions")
LABS = call("GET", "/api/academy/labs")
FIGURES = call("GET", "/api/academy/statistics")


def later(kind: Kind, check: Check, *rows: tuple[str, str]) -> tuple[Example, ...]:
    """Enter what the academy is to bring."""
    return tuple(awaits(None, slug, kind, name, check) for slug, name in rows)


def modules(track: str, *names: str) -> tuple[Example, ...]:
    """Enter the modules of a track."""
    return tuple(
        awaits(None, f"{track}-{number}", "feature", f"{track.capitalize()}: {name}", MODULES)
        for number, name in enumerate(names, 1)
    )


DOCUMENT = Document(
    2,
    "Training and certification",
    (
        prose(
            "Findings",
            context("findings", "figure", "Ratings of another project's documents", "a survey"),
        ),
        prose(
            "Learning tracks",
            *later(
                "feature",
                TRACKS,
                ("user", "User, 45 minutes"),
                ("developer", "Developer, 2 to 3 hours"),
                ("operations", "Operations, 4 to 5 hours"),
                ("architecture", "Architecture, 6 to 8 hours"),
            ),
        ),
        prose(
            "Certification levels",
            *later(
                "feature",
                SCHEMES,
                ("foundation", "Foundation: 20 questions, 80 %, 3 tasks, 1 year"),
                ("professional", "Professional: 40 questions, 85 %, a project, 2 years"),
                ("expert", "Expert: 60 questions, 90 %, a case and a presentation, 3 years"),
                ("renewal", "Renewal by refresher, upgrade, credits or examination"),
            ),
        ),
        prose(
            "Modules",
            *modules(
                "foundation",
                "installation and setup, 10 minutes",
                "node configuration, 10 minutes",
                "basic operations, 10 minutes",
                "system architecture, 10 minutes",
                "practical integration, 5 minutes",
            ),
            *modules("user", "model interaction", "workflow optimization", "collaboration"),
            *modules(
                "developer",
                "API usage",
                "SDK integration",
                "custom applications",
                "WebSocket",
                "performance",
                "testing and debugging",
            ),
            *modules(
                "operations",
                "production deployment",
                "security hardening",
                "monitoring and alerting",
                "performance tuning",
                "backup and recovery",
                "automation",
                "incident response",
                "capacity",
            ),
            *modules(
                "architecture",
                "system design",
                "enterprise integration",
                "security architecture",
                "performance architecture",
                "data architecture",
                "network architecture",
                "cloud integration",
                "governance and compliance",
                "technology evaluation",
                "strategic planning",
                "team leadership",
                "business case",
            ),
        ),
        prose(
            "Assessment",
            *later(
                "figure",
                SCHEMES,
                ("knowledge", "Knowledge counts 40 %"),
                ("practical", "Practical skills count 40 %"),
                ("professional", "Professional competencies count 20 %"),
            ),
            *later(
                "feature",
                SCHEMES,
                ("technical", "Six technical competencies on three levels"),
                ("business", "Four business competencies on three levels"),
            ),
        ),
        prose(
            "Feedback and quality",
            *later(
                "feature",
                MODULES,
                ("checkpoints", "Instant validation of exercises"),
                ("progress", "Progress and milestones"),
                ("recommendations", "Recommendations that adapt"),
                ("surveys", "Surveys and reports of errors"),
            ),
            *later("feature", QUESTIONS, ("calibration", "Questions are calibrated")),
        ),
        prose(
            "Key figures",
            *later(
                "figure",
                FIGURES,
                ("completion", "85 % complete a course"),
                ("first-pass", "90 % pass at first, 95 % at second attempt"),
                ("retention", "75 % retained after 6 months"),
                ("skills", "85 % show practical skills"),
                ("satisfaction", "4.5 of 5 satisfied"),
                ("accuracy", "Under 2 % error reports a module"),
                ("currency", "Content updated within 30 days"),
                ("relevance", "90 % applicable at once"),
            ),
            context("careers", "figure", "Employment, salaries, market position", "no software"),
        ),
        prose(
            "Roadmap",
            *later(
                "feature",
                LABS,
                ("exercises", "Exercises in place of placeholders"),
                ("validation", "Automated validation of exercises"),
                ("rubrics", "Rubrics for projects"),
            ),
            *later("feature", QUESTIONS, ("bank", "A bank of over 200 questions")),
            *later(
                "feature",
                SCHEMES,
                ("proctoring", "Secure examinations"),
                ("badges", "Badges for competencies"),
            ),
            *later("feature", FIGURES, ("dashboard", "Progress and analytics")),
            *later("feature", TRACKS, ("instructors", "Instructors and mentors")),
            context("partners", "feature", "Community and partnerships", "no software"),
        ),
        prose(
            "Performance targets",
            *later(
                "figure",
                FIGURES,
                ("uptime", "99.9 % uptime"),
                ("content", "95 % accurate content"),
                ("psychometrics", "Psychometric analysis"),
                ("learners", "10,000 concurrent learners"),
            ),
            context("business", "figure", "Budget, revenue, break-even, risks", "a business plan"),
        ),
    ),
)
