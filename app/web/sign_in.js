const said = document.querySelector("output");
const form = document.querySelector("form");

async function signIn(code) {
  said.textContent = "Signing in …";
  try {
    const answer = await fetch("sign-in", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    });
    const told = await answer.json();
    if (answer.ok) location.replace("./");
    else {
      const { message, extensions } = told.errors[0];
      said.textContent = [message, extensions?.hint].filter(Boolean).join(" ");
      form.hidden = false;
    }
  } catch {
    said.textContent = "The server cannot be reached.";
    form.hidden = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(form.elements.code.value);
});

const code = location.hash.slice(1);
// Neither the address bar nor the history keeps the code.
history.replaceState(null, "", location.pathname);
if (code) signIn(code);
else form.hidden = false;
