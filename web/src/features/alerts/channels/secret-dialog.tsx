import type { AlertChannelMade } from "@/api/watch";
import { CodeBlock } from "@/components/code-block";
import { Notice } from "@/components/notice";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

/** The one time that a webhook's secret is shown. */
export function SecretDialog({ of: { name, secret }, onClose }: { of: AlertChannelMade; onClose: () => void }) {
  return (
    <Dialog
      title={`${name} is told from now on`}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose} data-autofocus>
          I have copied it
        </Button>
      }
    >
      <div className="space-y-4">
        <Notice tone="warn" title="Copy the secret now">
          It is not shown again. With it a receiver tells messages of Hone from those of others.
        </Notice>
        <CodeBlock title="Secret" code={secret ?? ""} />
      </div>
    </Dialog>
  );
}
