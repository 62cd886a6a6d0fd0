// A claim as others cite it: the claim, where it stands, and where this record of it is. Pure.
import type { Claim } from "./claim.ts";

export const FORMATS = ["text", "bibtex", "csl", "jsonld"] as const;
export type Format = (typeof FORMATS)[number];

/** `address` is the permalink; `seen` the day (2026-11-22) on which it was looked at. */
export function cite(claim: Claim, format: Format, address: string, seen: string): string {
  switch (format) {
    case "text":
      return citeAsText(claim, address, seen);
    case "bibtex":
      return citeAsBibtex(claim, address, seen);
    case "csl":
      return JSON.stringify([citeAsCsl(claim, address, seen)], null, 2);
    case "jsonld":
      return JSON.stringify(citeAsJsonLd(claim, address), null, 2);
  }
}

function speakers(claim: Claim): string[] {
  return claim.attribution[0]?.agents.map(({ name }) => name) ?? [];
}

function citeAsText(claim: Claim, address: string, seen: string): string {
  const { source } = claim;
  const by = speakers(claim).join(" and ");
  const origin = [source.publisher?.name, source.published?.text].filter(Boolean).join(", ");
  return [
    `${by === "" ? "" : `${by}: `}“${claim.quote.exact}”`,
    `in: “${source.title}”${origin === "" ? "" : ` (${origin})`}${source.url === null ? "" : `, ${source.url}`}.`,
    `Recorded in Sayso, ${address} (seen ${seen}).`,
  ]
    .join(", ")
    .replace(".,", ".");
}

function citeAsBibtex(claim: Claim, address: string, seen: string): string {
  const { source } = claim;
  const fields: [string, string | null | undefined][] = [
    [
      "author",
      speakers(claim)
        .map((name) => `{${escapeTex(name)}}`)
        .join(" and "),
    ],
    ["title", `{${escapeTex(claim.statement)}}`],
    ["howpublished", escapeTex([source.title, source.publisher?.name].filter(Boolean).join(", "))],
    ["date", source.published?.text],
    ["url", address],
    ["urldate", seen],
    ["note", escapeTex(`“${claim.quote.exact}”`)],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},`);
  return [`@misc{${claim.id.replaceAll("-", "")},`, ...lines, "}"].join("\n");
}

/** What TeX would take for commands, spelled out. */
function escapeTex(text: string): string {
  const names: Record<string, string> = {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
  };
  return text.replace(/[\\~^]|[&%$#_{}]/g, (character) => names[character] ?? `\\${character}`);
}

function citeAsCsl(claim: Claim, address: string, seen: string): object {
  const { source } = claim;
  return {
    id: claim.id,
    type: "webpage",
    title: claim.statement,
    author: speakers(claim).map((literal) => ({ literal })),
    "container-title": source.title,
    publisher: source.publisher?.name,
    issued: dateParts(source.published?.text),
    accessed: dateParts(seen),
    URL: address,
    note: `“${claim.quote.exact}”`,
  };
}

/** CSL's dates: as many of year, month and day as the words have. */
function dateParts(text: string | undefined): object | undefined {
  const found = text?.match(/^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/);
  if (found == null) return undefined;
  return { "date-parts": [found.slice(1).filter(Boolean).map(Number)] };
}

function citeAsJsonLd(claim: Claim, address: string): object {
  const { source } = claim;
  return {
    "@context": "https://schema.org",
    "@type": "Claim",
    "@id": address,
    text: claim.statement,
    author: speakers(claim).map((name) => ({ "@type": "Thing", name })),
    appearance: {
      "@type": "CreativeWork",
      name: source.title,
      text: claim.quote.exact,
      url: source.url ?? undefined,
      datePublished: source.published?.text,
      publisher:
        source.publisher === null ? undefined : { "@type": "Organization", name: source.publisher.name },
    },
  };
}
