import { Link } from "@tanstack/react-router";

import { curlSnippet, pythonSnippet } from "./snippets";

import { CodeBlock } from "@/components/code-block";
import { Permitted } from "@/components/permitted";
import { paths } from "@/lib/paths";

const LINK = "font-medium text-accent-ink underline underline-offset-4";

/** Before the first call: what this page is for, and how to make it useful. */
export function FirstSteps() {
  const origin = location.origin;
  return (
    <section aria-labelledby="first-steps">
      <div className="max-w-[72ch]">
        <h2 id="first-steps" className="text-lg font-semibold">
          Send the first request
        </h2>
        <p className="mt-1 text-quiet">
          Point an application that speaks OpenAI&rsquo;s API at this address. From then on every call is routed, metered and
          kept, and appears here within half a second: traffic, latency, failures, cost and the answers themselves.
        </p>
        <p className="mt-2 text-quiet">
          It takes{" "}
          <Link to={paths.providers} className={LINK}>
            a provider
          </Link>
          , a model of it, and{" "}
          <Link to={paths.routes} className={LINK}>
            a route
          </Link>{" "}
          to it. Or train a model of your own, which needs none of them:{" "}
          <Link to={paths.datasets} className={LINK}>
            begin with a dataset
          </Link>
          .
        </p>
        <p className="mt-2 text-quiet">
          Replace <code className="font-mono text-xs text-ink">YOUR_KEY</code> with a key;{" "}
          <code className="font-mono text-xs text-ink">assistant</code> is the name of a route.{" "}
          <Permitted to="keys:write">
            <Link to={paths.keys} search={{ create: true }} className={LINK}>
              Create a key
            </Link>
          </Permitted>
        </p>
      </div>
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        <CodeBlock title="curl" code={curlSnippet(origin)} />
        <CodeBlock title="Python" code={pythonSnippet(origin)} />
      </div>
    </section>
  );
}
