// What a page needs from the browser itself: the theme's choice, the time zone, copying, an inert page behind a dialog, and the
// words of a lost connection. Everything else is Blazor's.
(() => {
    "use strict";
    const year = 60 * 60 * 24 * 365;
    const remember = (name, value) => {
        const secure = location.protocol === "https:" ? "; Secure" : "";
        document.cookie = value === null
            ? `${name}=; Path=/; Max-Age=0; SameSite=Lax${secure}`
            : `${name}=${value}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
    };

    // The zone goes into a cookie, so that the next page is right from its first byte.
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
    if (zone !== null) {
        remember("zone", zone);
    }
    // So do the signs of numbers: the one before cents, then the one between thousands.
    const signs = new Intl.NumberFormat().formatToParts(1234567.5);
    const sign = type => signs.find(part => part.type === type)?.value ?? "";
    remember("numbers", encodeURIComponent(sign("decimal") + sign("group")));
    // A circuit asks for the zone once, when it has drawn its page in the place of the one that came first: what was open or had the focus there was drawn anew, closed.
    window.portal = { zone: () => { takeOver(); return zone; }, fetchDialogs: version => dialogs ??= fetchDialogs(version) };

    // What MudBlazor's dialogs need comes with the first page that has one. Its style sheet goes before ours, which overrules it.
    let dialogs = null;
    const fetched = element => new Promise((done, failed) => { element.onload = () => done(); element.onerror = () => failed(new Error(`${element.src ?? element.href} could not be fetched`)); });
    const fetchDialogs = version => {
        const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `_content/MudBlazor/MudBlazor.min.css?v=${version}` });
        const script = Object.assign(document.createElement("script"), { src: `_content/MudBlazor/MudBlazor.min.js?v=${version}` });
        const both = Promise.all([fetched(style), fetched(script)]).then(() => null);
        document.head.querySelector("link[rel=stylesheet]").before(style);
        document.head.append(script);
        return both;
    };

    if (/^(Mac|iP)/.test(navigator.platform)) {
        document.documentElement.dataset.mac = "";
    }

    // The theme: an attribute for this page, a cookie for the next. "System" is the absence of both.
    const root = document.documentElement;
    const choices = () => document.querySelectorAll("input[data-theme-choice]");
    const showChoice = () => choices().forEach(input => { input.checked = input.value === (root.dataset.theme || "system"); });
    document.addEventListener("change", event => {
        if (!event.target.matches?.("input[data-theme-choice]")) {
            return;
        }
        const theme = event.target.value;
        if (theme === "system") {
            delete root.dataset.theme;
            remember("theme", null);
        } else {
            root.dataset.theme = theme;
            remember("theme", theme);
        }
        showChoice();
    });

    // Copying must follow the press at once: a browser forgets it over a trip to the server.
    document.addEventListener("click", async event => {
        const id = event.target.closest?.("[data-copy]")?.dataset.copy;
        if (id === undefined) {
            return;
        }
        const source = document.getElementById(id);
        const say = words => { document.querySelector(`[data-copied="${id}"]`).textContent = words; };
        try {
            await navigator.clipboard.writeText(source.innerText);
            say("Copied.");
        } catch {
            // The browser does not let pages copy: mark it, so that the person can.
            getSelection().selectAllChildren(source);
            say("Press Ctrl+C or Cmd+C to copy what is marked.");
        }
    });

    // What stands open and what has the focus, kept over the moment at which a circuit takes the page over.
    let openMenu = document.querySelector("details[data-menu][open]")?.id ?? null;
    const describe = element => ({ tag: element.tagName, id: element.id, href: element.getAttribute("href"), text: element.textContent.replace(/\s+/g, " ").trim() });
    let focused = document.activeElement === document.body ? null : { element: document.activeElement, ...describe(document.activeElement) };
    document.addEventListener("focusin", event => { focused = { element: event.target, ...describe(event.target) }; });
    const takeOver = () => {
        root.dataset.interactive = "";
        const menu = openMenu === null ? null : document.getElementById(openMenu);
        if (menu !== null) {
            menu.open = true;
        }
        if (focused === null || focused.element.isConnected || document.activeElement !== document.body) {
            return;
        }
        const same = element => { const found = describe(element); return Object.keys(found).every(key => found[key] === focused[key]); };
        const again = [...document.getElementsByTagName(focused.tag)].find(same);
        if (again?.type === "search") {
            // A search is a plain form that works before a circuit stands: what was typed by then is not lost.
            again.value = focused.element.value;
        }
        again?.focus({ preventScroll: true });
    };

    // Menus are <details>: they show the theme in force, and close on Escape, on a press outside and on going where one of their links leads.
    document.addEventListener("toggle", event => {
        if (event.target.matches?.("details[data-menu]")) {
            openMenu = event.target.open ? event.target.id : null;
            showChoice();
        }
    }, true);
    const closeMenus = except => document.querySelectorAll("details[data-menu][open]").forEach(menu => { if (menu !== except) menu.open = false; });
    document.addEventListener("pointerdown", event => closeMenus(event.target.closest?.("details[data-menu]")));
    document.addEventListener("click", event => { if (event.target.closest?.("details[data-menu] a")) closeMenus(null); });
    document.addEventListener("keydown", event => {
        const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
        if (menu) {
            menu.open = false;
            menu.querySelector("summary").focus();
        }
    });

    // The palette: every word that is typed must begin a word of what is found. The focus stays in the field; what is chosen is marked.
    const palette = document.getElementById("palette");
    if (palette !== null) {
        const search = document.getElementById("palette-search");
        const options = [...palette.querySelectorAll("[role=option]")];
        options.forEach((option, i) => { option.id = `palette-${i}`; });
        const found = () => options.filter(option => !option.hidden);
        const choose = chosen => {
            options.forEach(option => option.setAttribute("aria-selected", option === chosen));
            if (chosen === undefined) {
                search.removeAttribute("aria-activedescendant");
            } else {
                search.setAttribute("aria-activedescendant", chosen.id);
                chosen.scrollIntoView({ block: "nearest" });
            }
            document.getElementById("palette-none").textContent = chosen === undefined ? "Nothing is called that. Try another word." : "";
        };
        const find = () => {
            const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
            options.forEach(option => {
                const name = option.textContent.toLowerCase().split(/[^a-z0-9']+/);
                option.hidden = !words.every(word => name.some(part => part.startsWith(word)));
            });
            choose(found()[0]);
        };
        const openPalette = () => {
            if (!palette.open && document.querySelector("dialog[open], .mud-dialog-container") === null) {
                closeMenus(null);
                search.value = "";
                find();
                palette.showModal();
            }
        };
        search.addEventListener("input", find);
        search.addEventListener("keydown", event => {
            const all = found();
            const at = all.findIndex(option => option.getAttribute("aria-selected") === "true");
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                choose(all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]);
            } else if (event.key === "Enter" && all[at]) {
                event.preventDefault();
                all[at].click();
            }
        });
        palette.addEventListener("click", event => { if (event.target === palette || event.target.closest("a")) palette.close(); });
        document.addEventListener("click", event => { if (event.target.closest?.("[data-palette]")) openPalette(); });
        document.addEventListener("keydown", event => {
            if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
                event.preventDefault();
                openPalette();
            }
        });
    }

    // A password can be looked at while it is typed. It is sent as a password: browsers keep other text to offer it again.
    const showers = () => document.querySelectorAll("button[data-shows]");
    const showPassword = (button, show) => {
        button.setAttribute("aria-pressed", show);
        button.dataset.shows.split(" ").forEach(id => { document.getElementById(id).type = show ? "text" : "password"; });
    };
    showers().forEach(button => { button.hidden = false; });
    document.addEventListener("click", event => {
        const button = event.target.closest?.("button[data-shows]");
        if (button) {
            showPassword(button, button.getAttribute("aria-pressed") !== "true");
        }
    });
    document.addEventListener("submit", () => showers().forEach(button => showPassword(button, false)));

    // On static pages the buttons that need a script stand hidden until there is one.
    document.querySelectorAll("[data-copy], [data-print]").forEach(button => { button.hidden = false; });
    document.addEventListener("click", event => { if (event.target.closest?.("[data-print]")) window.print(); });

    // A file that is exported says how it goes: how long it will be is not known before its end, so what has come is told. It is saved
    // only when it is whole. Without a script the link is a plain download.
    const sizeOf = bytes => bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
    const takeFile = async (address, say) => {
        const answer = await fetch(address);
        const name = /filename="?([^";]+)/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
        if (!answer.ok || name === undefined) {
            const why = answer.headers.get("content-type")?.startsWith("text/plain") ? await answer.text()
                : answer.redirected ? "The export was not made: you are not signed in any more. Sign in again." : `The export was not made (${answer.status}). Load the page again.`;
            return `${why} Nothing was changed.`;
        }
        const reader = answer.body.getReader();
        const parts = [];
        let bytes = 0;
        let told = performance.now();
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
            parts.push(part.value);
            bytes += part.value.length;
            if (performance.now() - told > 1000) {
                told = performance.now();
                say(`Exporting ${name}: ${sizeOf(bytes)} so far`);
            }
        }
        const whole = URL.createObjectURL(new Blob(parts, { type: answer.headers.get("content-type") }));
        const save = document.createElement("a");
        save.href = whole;
        save.download = name;
        save.click();
        setTimeout(() => URL.revokeObjectURL(whole), 60_000);
        return `${name} is whole, ${sizeOf(bytes)}, and goes where your browser saves files.`;
    };
    document.addEventListener("click", async event => {
        const link = event.target.closest?.("a[data-export]");
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
            return;
        }
        event.preventDefault();
        const say = words => {
            // The page may have been left meanwhile; the file still comes.
            const place = document.getElementById(link.dataset.export);
            if (place) {
                place.textContent = words;
            }
        };
        if (link.ariaBusy === "true") {
            return;
        }
        link.ariaBusy = "true";
        say("Exporting");
        try {
            say(await takeFile(link.href, say));
        } catch {
            say("The export broke off: the connection was lost. No file was saved, and nothing was changed. Try again.");
        } finally {
            link.ariaBusy = null;
        }
    });

    // Focus is never lost. After a press what had it may be gone: claimed, revoked, turned on. Then it goes to the answer to that press
    // ([data-answer]), else to the heading of the part of the page in which it was. An answer that is "first" takes it in any case.
    let trail = [];
    let answer = null;
    let lent = null;
    document.addEventListener("focusin", event => {
        trail = [];
        for (let element = event.target; element !== null; element = element.parentElement) {
            trail.push(element);
        }
    });
    document.addEventListener("pointerdown", event => {
        answer = null;
        if (!event.target.closest?.("a, button, input, label, select, summary, textarea, [tabindex]")) {
            // A press on nothing takes the focus away on purpose.
            trail = [];
        }
    }, true);
    document.addEventListener("keydown", () => { answer = null; }, true);
    const focusOn = element => {
        if (!element.hasAttribute("tabindex") && element.tabIndex < 0) {
            element.tabIndex = -1;
        }
        element.focus({ preventScroll: element !== answer });
    };
    const isGone = element => !element.isConnected || element.matches(":disabled");
    const rescue = () => {
        if (root.dataset.interactive === undefined || trail.length === 0 || !isGone(trail[0])) {
            return;
        }
        if (document.activeElement !== document.body && document.activeElement !== trail[0]) {
            return;
        }
        const part = trail.slice(1).find(element => element.isConnected && element.matches("section, main, [role=dialog]") && element.querySelector("h1, h2, h3") !== null);
        lent = answer?.isConnected ? answer : part?.querySelector("h1, h2, h3") ?? document.querySelector("h1");
        if (lent !== null) {
            focusOn(lent);
        }
    };
    const hear = changes => {
        for (const change of changes) {
            const within = change.target.nodeType === Node.ELEMENT_NODE ? change.target : change.target.parentElement;
            const said = within?.closest("[data-answer]")
                ?? [...change.addedNodes].map(node => node.nodeType !== Node.ELEMENT_NODE ? null : node.matches("[data-answer]") ? node : node.querySelector("[data-answer]")).find(Boolean);
            if (said && !(answer?.isConnected && answer.dataset.answer === "first")) {
                answer = said;
                if (said.dataset.answer === "first" || (lent !== null && document.activeElement === lent)) {
                    lent = said;
                    focusOn(said);
                }
            }
        }
    };

    // An address may name a field, a heading or a button ("/extra-usage#cap"). The field gets the focus; a button that only asks opens
    // its dialog. Nothing is decided by an address.
    let errand = location.hash.slice(1);
    let arrived = null;
    const canFocus = "a[href], button, input, select, textarea, summary";
    const arrive = () => {
        const stands = root.dataset.interactive !== undefined || document.getElementById("components-reconnect-modal") === null;
        const place = errand === "" || !stands ? null : document.getElementById(errand);
        if (place === null || place.closest("[inert]") !== null) {
            return;
        }
        errand = "";
        arrived = place.matches(canFocus) ? place : place.querySelector(canFocus) ?? place;
        if (place.matches("details")) {
            place.open = true;
        }
        focusOn(arrived);
        arrived.scrollIntoView({ block: "center" });
        if (arrived.matches("[data-opens]:not(:disabled, [aria-disabled])")) {
            arrived.click();
        }
    };
    document.addEventListener("click", event => {
        const link = event.target.closest?.("a[href*='#']:not(.skip-link)");
        if (link) {
            errand = link.hash.slice(1);
            setTimeout(arrive);
        }
    });
    // A new page's heading takes the focus as soon as it stands; what was asked for comes after it.
    document.addEventListener("focusin", event => {
        if (event.target.matches("h1") && arrived?.isConnected && arrived !== event.target) {
            arrived.focus();
        }
    });
    ["keydown", "pointerdown"].forEach(press => document.addEventListener(press, () => { arrived = null; }, true));

    // While a dialog is open the page behind is inert: MudBlazor's focus trap alone leaks under fast Tab presses.
    // When it closes, the focus goes back to what opened it.
    let openers = [];
    const watchDialogs = () => {
        const shell = document.getElementById("shell");
        const open = document.querySelector(".mud-dialog-container") !== null;
        if (shell === null || shell.inert === open) {
            return;
        }
        shell.inert = open;
        if (open) {
            openers = trail;
        } else if (document.activeElement === document.body) {
            trail = openers;
            if (trail.length > 0 && !isGone(trail[0])) {
                trail[0].focus();
            }
        }
    };
    // Escape takes a dialog back wherever the focus is: MudBlazor hears it only where the focus is inside, and only some time after the dialog is seen.
    document.addEventListener("keydown", event => {
        if (event.key === "Escape") {
            document.querySelector(".mud-dialog-container [data-escape]")?.click();
        }
    });
    new MutationObserver(changes => { hear(changes); watchDialogs(); rescue(); arrive(); }).observe(document.body, { childList: true, subtree: true, characterData: true });

    arrive();

    // The lost connection.
    const dialog = document.getElementById("components-reconnect-modal");
    if (dialog === null) {
        return;
    }
    const show = () => {
        const pending = document.querySelector("[data-saving]");
        dialog.classList.toggle("has-pending", pending !== null);
        document.getElementById("reconnect-pending").textContent = pending?.dataset.saving ?? "";
        if (!dialog.open) {
            dialog.showModal();
        }
    };
    const again = async () => {
        document.removeEventListener("visibilitychange", againWhenSeen);
        try {
            if (!await Blazor.reconnect() && !await Blazor.resumeCircuit()) {
                location.reload();
            } else {
                dialog.close();
            }
        } catch {
            // The server was not reached: wait until somebody looks at the page again, or presses the button.
            document.addEventListener("visibilitychange", againWhenSeen);
        }
    };
    const againWhenSeen = () => { if (document.visibilityState === "visible") again(); };
    dialog.addEventListener("components-reconnect-state-changed", event => {
        switch (event.detail.state) {
            case "show": show(); break;
            case "hide": dialog.close(); break;
            case "failed": document.addEventListener("visibilitychange", againWhenSeen); break;
            // The server has let this page go: only a new one tells the truth.
            case "rejected": location.reload(); break;
        }
    });
    dialog.addEventListener("cancel", event => event.preventDefault());
    document.getElementById("reconnect-again").addEventListener("click", again);
    document.getElementById("reconnect-reload").addEventListener("click", () => location.reload());
    document.getElementById("reconnect-resume").addEventListener("click", async () => {
        try {
            if (!await Blazor.resumeCircuit()) {
                location.reload();
            }
        } catch {
            dialog.classList.replace("components-reconnect-paused", "components-reconnect-failed");
        }
    });
})();
