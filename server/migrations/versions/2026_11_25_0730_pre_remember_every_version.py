"""Remember every version of a provider, a model and a route.

A version outlives what it is a version of, so that one can see who changed it and bring it back.
The server before writes none: a version that is missing is written when the next one is made.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VERSIONS = """
CREATE TABLE registry_versions (
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL CHECK (kind IN ('provider', 'model', 'route')),
    subject_id uuid NOT NULL,
    version integer NOT NULL,
    reason text NOT NULL,
    restored integer,
    actor text,
    state jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, kind, subject_id, version)
)
"""

FOUND = """
INSERT INTO registry_versions
        (organization_id, kind, subject_id, version, reason, state, created_at)
    SELECT organization_id, 'provider', id, version, 'found', jsonb_build_object(
        'name', name, 'kind', kind, 'base_url', base_url, 'networks', to_jsonb(networks),
        'credential', CASE WHEN credential IS NULL THEN NULL ELSE 'sealed' END), updated_at
    FROM providers
    UNION ALL
    SELECT m.organization_id, 'model', m.id, m.version, 'found', jsonb_build_object(
        'name', m.name, 'provider', p.name, 'upstream', m.upstream,
        'catalogue_id', m.catalogue_id, 'context_tokens', m.context_tokens,
        'output_tokens', m.output_tokens), m.updated_at
    FROM models m JOIN providers p ON p.id = m.provider_id
    UNION ALL
    SELECT r.organization_id, 'route', r.id, r.version, 'found', jsonb_build_object(
        'name', r.name, 'policy', r.policy, 'deadlines', r.deadlines,
        'targets', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'model', m.name, 'weight', t.value -> 'weight') ORDER BY t.ordinality), '[]')
            FROM jsonb_array_elements(r.targets) WITH ORDINALITY t
            JOIN models m ON m.id = (t.value ->> 'model')::uuid),
        'fallbacks', (SELECT coalesce(jsonb_agg(m.name ORDER BY f.ordinality), '[]')
            FROM jsonb_array_elements_text(r.fallbacks) WITH ORDINALITY f
            JOIN models m ON m.id = f.value::uuid),
        'models', (SELECT coalesce(jsonb_object_agg(m.name, replace(m.id::text, '-', '')), '{}')
            FROM models m WHERE m.id IN (
                SELECT (t ->> 'model')::uuid FROM jsonb_array_elements(r.targets) t
                UNION SELECT f::uuid FROM jsonb_array_elements_text(r.fallbacks) f))
        ), r.updated_at
    FROM routes r
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(VERSIONS)
    _run(FOUND)
    op.execute("ALTER TABLE registry_versions ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON registry_versions"
        " USING (organization_id = (SELECT current_organization()))"
        " WITH CHECK (organization_id = (SELECT current_organization()))"
    )
    op.execute("GRANT SELECT, INSERT ON registry_versions TO hone_app")


def _run(script: str) -> None:
    """Run a script as it stands, without looking for parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)
