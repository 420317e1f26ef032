import { useRedirectAddress } from "./queries";

import { CodeBlock } from "@/components/code-block";
import { Skeleton } from "@/components/ui/skeleton";

/** What has to be registered at the provider. */
export function RedirectAddress() {
  const address = useRedirectAddress();
  return address === undefined ? <Skeleton className="h-20 w-full" /> : <CodeBlock title="Redirect address to register at the provider" code={address} />;
}
