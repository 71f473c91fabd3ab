// Passkeys: asks the server for a challenge, the browser for an answer to it, and sends the answer by the form that the button is in.
// The sentences for what can go wrong stand in the page.
(() => {
    "use strict";
    const forms = document.querySelectorAll("form[data-passkey]");
    const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));
    const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const known = list => (list ?? []).map(credential => ({ ...credential, id: bytes(credential.id) }));

    const create = async options => {
        const made = await navigator.credentials.create({
            publicKey: {
                ...options,
                challenge: bytes(options.challenge),
                user: { ...options.user, id: bytes(options.user.id) },
                excludeCredentials: known(options.excludeCredentials),
            },
        });
        return {
            clientDataJSON: text(made.response.clientDataJSON),
            attestationObject: text(made.response.attestationObject),
            transports: made.response.getTransports?.() ?? [],
            of: made,
        };
    };

    const get = async options => {
        const shown = await navigator.credentials.get({
            publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) },
        });
        return {
            clientDataJSON: text(shown.response.clientDataJSON),
            authenticatorData: text(shown.response.authenticatorData),
            signature: text(shown.response.signature),
            userHandle: shown.response.userHandle ? text(shown.response.userHandle) : null,
            of: shown,
        };
    };

    const asJson = ({ of, ...response }) => JSON.stringify({
        id: text(of.rawId),
        rawId: text(of.rawId),
        type: of.type,
        authenticatorAttachment: of.authenticatorAttachment ?? null,
        clientExtensionResults: {},
        response,
    });

    const sentences = { NotAllowedError: "notAllowed", AbortError: "notAllowed", InvalidStateError: "registered", SecurityError: "security", ConstraintError: "unable", NotSupportedError: "unable" };

    // What the server says instead of a challenge is a sentence, or the page for too many tries.
    const challenge = async (form, words) => {
        let answer;
        try {
            answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
        } catch {
            throw words.failed;
        }
        if (answer.headers.get("content-type")?.startsWith("text/plain")) {
            throw await answer.text();
        }
        if (!answer.ok) {
            throw answer.status === 429 ? words.tooMany : words.failed;
        }
        return await answer.json();
    };

    const press = async form => {
        const words = form.querySelector("[data-passkey-words]").dataset;
        const button = form.querySelector("[data-passkey-button]");
        const say = (what, sentence) => { form.querySelector(`[data-passkey-${what}]`).textContent = sentence; };
        button.setAttribute("aria-disabled", "true");
        say("error", "");
        say("status", words.waiting);
        try {
            const options = await challenge(form, words);
            const answer = await (form.dataset.passkey === "create" ? create(options) : get(options));
            form.elements["Passkey.Credential"].value = asJson(answer);
            form.elements["Passkey.Stay"] && (form.elements["Passkey.Stay"].value = document.querySelector("[name='Input.Remember']")?.checked === true);
            form.submit();
        } catch (wrong) {
            say("error", typeof wrong === "string" ? wrong : words[sentences[wrong?.name]] ?? words.other);
            say("status", "");
            button.removeAttribute("aria-disabled");
        }
    };

    forms.forEach(form => {
        const able = window.PublicKeyCredential !== undefined && navigator.credentials !== undefined;
        form.querySelector("[data-passkey-button]").hidden = !able;
        form.querySelector("[data-passkey-none]").hidden = able;
        form.querySelectorAll("[data-passkey-needs]").forEach(part => { part.hidden = !able; });
        form.addEventListener("submit", event => {
            event.preventDefault();
            if (form.querySelector("[data-passkey-button]").getAttribute("aria-disabled") !== "true") {
                press(form);
            }
        });
    });
})();
