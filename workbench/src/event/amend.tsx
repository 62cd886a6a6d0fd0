import type { ReactNode } from "react";
import { AmendEvent } from "#generated/documents.ts";
import type { AmendableEventFragment } from "#generated/types.ts";
import { AmendDialog, type Amendment, readAmended } from "../amending/dialog.tsx";
import { useWrite } from "../data/write.ts";
import { EventFields } from "../recording/event-field.tsx";
import { type EventFields as Fields, makeEventInput } from "../recording/nodes.ts";
import { say } from "../strings.ts";

const LABELS: Record<keyof Fields, string> = {
  title: say.event.title,
  startsOn: say.event.startsOn,
  endsOn: say.event.endsOn,
  place: say.event.place,
  latitude: say.event.latitude,
  longitude: say.event.longitude,
  description: say.event.description,
};

export function AmendEventDialog({
  event,
  onClose,
}: {
  event: AmendableEventFragment;
  onClose: () => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(AmendEvent);
  const amendment: Amendment<AmendableEventFragment, Fields, ReturnType<typeof makeEventInput>> = {
    node: event,
    read: readEvent,
    make: makeEventInput,
    labels: LABELS,
    busy,
    refusal,
    send: async (input) => readAmended(await run({ input: { event: event.id, ...input } }), "Event"),
  };
  return (
    <AmendDialog amendment={amendment} onClose={onClose}>
      {(fields, change, problem) => <EventFields fields={fields} onChange={change} problem={problem} />}
    </AmendDialog>
  );
}

function readEvent(event: AmendableEventFragment): Fields {
  return {
    title: event.title,
    startsOn: event.startsOn ?? "",
    endsOn: event.endsOn ?? "",
    place: event.place ?? "",
    latitude: event.latitude === null ? "" : String(event.latitude),
    longitude: event.longitude === null ? "" : String(event.longitude),
    description: event.description ?? "",
  };
}
