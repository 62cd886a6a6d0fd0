import { useNavigate } from "react-router";
import { useAlive } from "../data/alive.ts";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";

/** Opens what was recorded; who has gone elsewhere meanwhile is not taken from there, and told. */
export function useOpening(): (address: string) => void {
  const navigate = useNavigate();
  const toast = useToast();
  const alive = useAlive();
  return (address) => {
    if (alive.current) navigate(address);
    else
      toast({ words: say.paste.recorded, action: { label: say.paste.open, run: () => navigate(address) } });
  };
}
