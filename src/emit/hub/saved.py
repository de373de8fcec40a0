# People's saved choices and links name entries, options and choices; KubeSpawner answers a name that is gone with an error. What
# was renamed or has another number before it is found under its name of today. What is not on offer any longer gives way to the
# default, with a line in the hub's log and in the messages of the start.
def saved_choices(menu, former):
    import re
    from hashlib import sha256
    from inspect import isawaitable

    from kubespawner import KubeSpawner

    def bare(key):
        return re.sub(r"^[0-9]{2,3}-", "", key)

    def current(key, today, names):
        """A key of today: as it is written, by its name, or by a former name, each perhaps without a number before it."""
        if key in today.values():
            return key
        found = (today.get(other) for name in (key, bare(key)) for other in (name, names.get(name)))
        return next(filter(None, found), None)

    def choice_of(key, today, names):
        found = current(key, today, names)
        earlier = re.fullmatch(r"(?:(.+)-)?was-[a-z0-9-]+", bare(key))
        if found or not earlier:
            return found
        # An earlier release leads to today's. A long key is cut short in that of a release, and has a hash of the whole at its end.
        name = earlier[1] or "current"
        end, known = name.rpartition("-")[2], [*today, *names]
        hashed = (other for other in known if len(end) >= 4 and sha256(other.encode()).hexdigest().startswith(end))
        return current(name if name in known else next(hashed, name), today, names)

    def update(saved, profiles):
        """What was saved by its names of today, and what of it is gone."""
        offered = {profile.get("slug"): profile for profile in profiles}
        default = next((slug for slug, profile in offered.items() if profile.get("default")), next(iter(offered)))
        wanted = saved.get("profile") or default
        slug = wanted if wanted in offered else former.get("", {}).get(wanted)
        if slug not in offered:
            # An entry without a slug is not of this menu, and is perhaps the one that is meant.
            return (saved, []) if None in offered else ({"profile": default}, [wanted])
        names, options = former.get(slug, {}), {name: key for name, (key, _) in menu.get(slug, {}).items()}
        found, gone = {}, []
        for key, choice in saved.items():
            option, _, free = key.partition("--")
            written = current(option, options, names.get("", {}))
            name = next((name for name in options if options[name] == written), None)
            said = offered[slug].get("profile_options", {}).get(written)
            if key == "profile":
                choice = choice and slug
            elif isinstance(choice, str) and choice and name and said:
                key = f"{written}--{free}" if free else written
                if free:
                    there = said.get("unlisted_choice", {}).get("enabled")
                elif saved.get(f"{option}--unlisted-choice"):
                    there = True  # the text counts
                else:
                    today = choice_of(choice, menu[slug][name][1], names.get(name, {}))
                    choice, there = today or choice, today in said.get("choices", {})
                if not there:
                    gone.append(choice)
                    continue
            found[key] = choice
        return found, gone

    async def settle(self):
        profiles = self.profile_list
        profiles = profiles(self) if callable(profiles) else profiles
        profiles = await profiles if isawaitable(profiles) else profiles
        profiles = list(profiles.values()) if isinstance(profiles, dict) else profiles
        gone = []
        if self.user_options and profiles:
            self.user_options, gone = update(self.user_options, profiles)
        return gone

    def before(method):
        async def wrapped(self):
            self.gone_choices = await settle(self)
            for name in self.gone_choices:
                self.log.warning("%s: the saved choice %s is not on offer any longer; the default starts", self.user.name, name)
            return await method(self)

        return wrapped

    def page(method):
        async def wrapped(self):
            await settle(self)  # the page shows what was chosen before
            return await method(self)

        return wrapped

    def telling(method):
        async def wrapped(self):
            for name in getattr(self, "gone_choices", []):
                yield {"progress": 1, "message": f"{name}, which you chose before, is not on offer any longer: the default starts"}
            async for event in method(self):
                yield event

        return wrapped

    KubeSpawner.load_user_options = before(KubeSpawner.load_user_options)
    KubeSpawner.get_options_form = page(KubeSpawner.get_options_form)
    KubeSpawner.progress = telling(KubeSpawner.progress)


saved_choices(
    menu=MENU,
    former=FORMER,
)
