import { useReadiness } from "./queries";

import type { Readiness } from "@/api/schema";
import { Notice } from "@/components/notice";


const titles = {
  degraded: "Hone answers, but not everything works",
  unavailable: "Hone cannot take requests",
};

/** Says in words what is wrong with the installation; nothing when nothing is. */
export function ReadinessNotice() {
  const { data } = useReadiness();
  if (!data || data.status === "ready") return null;
  return (
    <Notice tone={data.status === "degraded" ? "warn" : "bad"} title={titles[data.status]}>
      <ul>
        {troubles(data).map(({ name, detail }) => (
          <li key={name}>
            <span className="inline-block font-medium first-letter:uppercase">{name}</span>: {detail}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function troubles({ checks }: Readiness) {
  return Object.entries(checks)
    .filter(([, { status }]) => status !== "ready")
    .map(([name, { detail }]) => ({ name, detail }));
}
