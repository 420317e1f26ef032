import { TurnStateMark } from "../state-mark";

import type { Turn } from "@/api/improvement";
import type { Column } from "@/components/data-table/columns";
import { When } from "@/components/when";
import { DASH, plain, usd } from "@/lib/format";

export const columns: Column<Turn>[] = [
  { id: "model", header: "Model", cell: ({ model }) => <span className="font-medium">{model}</span>, priority: 1, width: "13rem", phoneWidth: "8.5rem", fixed: true },
  { id: "state", header: "State", cell: ({ state }) => <TurnStateMark state={state} />, priority: 1, width: "8.5rem", phoneWidth: "7.5rem" },
  { id: "words", header: "How it stands", cell: ({ words }) => <span title={plain(words)}>{plain(words)}</span>, priority: 2 },
  { id: "version", header: "Version", cell: ({ versionNumber }) => versionNumber ?? DASH, priority: 3, width: "5.5rem" },
  { id: "cost", header: "Cost", cell: ({ costUsd }) => usd(costUsd), numeric: true, priority: 4, width: "6rem" },
  { id: "begun", header: "Begun", cell: ({ createdAt }) => <When at={createdAt} />, priority: 1, width: "7rem", phoneWidth: "5.5rem" },
];
