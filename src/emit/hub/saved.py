# People's saved choices and links name entries, options and choices. What was renamed, and what has another number before
# its name since, is found under its new name; an earlier release that is not on offer any longer gives way to today's;
# everything else is as it was.
def saved_choices(menu, renamed, default):
    import re
    from hashlib import sha256

    from kubespawner import KubeSpawner

    def bare(key):
        return re.sub(r"^[0-9]+-", "", key)

    def current(key, known, names):
        if key in known:
            return key
        wanted = names.get(bare(key), bare(key))
        return next((other for other in known if bare(other) == wanted), key)

    def choice_of(key, known, names):
        found = current(key, known, names)
        earlier = re.fullmatch(r"(?:(.+)-)?was-[a-z0-9-]+", bare(key))
        if found in known or not earlier:
            return found
        # A long key is cut short in that of a release, and has a hash of the whole at its end.
        today = earlier[1] or "current"
        end, all_keys = today.rpartition("-")[2], [*map(bare, known), *names]
        hashed = (other for other in all_keys if len(end) >= 4 and sha256(other.encode()).hexdigest().startswith(end))
        return current(today if today in all_keys else next(hashed, today), known, names)

    def update(saved):
        slug = current(saved.get("profile") or default, menu, renamed.get("", {}))
        names = renamed.get(slug, {})
        found = {}
        for key, choice in saved.items():
            option, _, free = key.partition("--")
            if key == "profile":
                choice = choice and slug
            elif isinstance(choice, str):
                option = current(option, menu.get(slug, {}), {})
                key = f"{option}--{free}" if free else option
                if not free:
                    choice = choice_of(choice, menu.get(slug, {}).get(option, []), names.get(option, {}))
            found[key] = choice
        return found

    def before(method):
        async def wrapped(self):
            if self.user_options:
                self.user_options = update(self.user_options)
            return await method(self)

        return wrapped

    KubeSpawner.load_user_options = before(KubeSpawner.load_user_options)
    KubeSpawner.get_options_form = before(KubeSpawner.get_options_form)  # the page shows what was chosen before


saved_choices(
    menu=MENU,
    renamed=RENAMED,
    default=DEFAULT,
)
