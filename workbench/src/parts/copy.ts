/** Into the clipboard. Browsers give it to secure origins alone; else a selection is copied. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch {
    // There is no clipboard, or it is kept from the page.
  }
  const holder = document.createElement("textarea");
  holder.value = text;
  document.body.append(holder);
  holder.select();
  document.execCommand("copy");
  holder.remove();
}
