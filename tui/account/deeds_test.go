package account

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// keyWith is what the form about a new key holds, changed by more.
func (b *board) keyForm() view.Form {
	b.t.Helper()
	b.press("K")
	return wish[view.Ask](b.t, b.press("n")).Form
}

// values are what an untouched form holds.
func values(f view.Form) view.Values {
	v := view.Values{}
	for _, field := range f.Fields {
		v[field.Key] = field.Value
	}
	return v
}

func TestPresetsLeadToAPlanForExactlyTheirRights(t *testing.T) {
	t.Parallel()
	for _, p := range vastapi.Presets() {
		b := full(t)
		f := b.keyForm()
		v := values(f)
		v[fName], v[fPreset] = " runner ", p.Name
		if errs := f.Check(v); len(errs) > 0 {
			t.Fatalf("%s: %v", p.Name, errs)
		}
		plan := wish[view.Confirm](t, f.Submit(b.env(), v)).Plan
		call, ok := plan.Steps[0].Call.(vastapi.CreateAPIKey)
		if !ok || call.Name != "runner" || call.Permissions.Full != (p.Groups == nil) || !slices.Equal(call.Permissions.Groups, p.Groups) {
			t.Errorf("%s: the plan sends %+v", p.Name, plan.Steps[0].Call)
		}
		if plan.Consent.Kind != rental.ConsentChoose {
			t.Errorf("%s: consent %v", p.Name, plan.Consent.Kind)
		}
	}
}

func TestTheFormBeginsWithTheLeastAndNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := full(t).keyForm()
	v := values(f)
	if v[fPreset] != "read only" {
		t.Errorf("it begins with %q", v[fPreset])
	}
	if f.Check(v)[fName] == "" {
		t.Error("a key without a name is taken")
	}
	v[fName], v[fPreset] = "x", chosenRights
	if errs := f.Check(v); len(errs) > 0 {
		t.Errorf("the choice begins with nothing: %v", errs)
	}
	for _, r := range vastapi.AllRights() {
		v[fRight+string(r)] = ""
	}
	if f.Check(v)[fRight+string(vastapi.AllRights()[0])] == "" {
		t.Error("a key that may do nothing is taken")
	}
	v[fRight+string(vastapi.RightBillingRead)] = view.Yes
	if errs := f.Check(v); len(errs) > 0 || f.Sum(v) != "may: billing_read" {
		t.Errorf("%v, %q", errs, f.Sum(v))
	}
	for _, field := range f.Fields {
		if strings.HasPrefix(field.Key, fRight) && field.When(view.Values{fPreset: "full"}) {
			t.Errorf("%s is asked for although everything is given", field.Key)
		}
	}
}

func TestDeletingAKeyIsTypedAndSaysWhatItMeansForThisRun(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("K", "down") // 902, the one in use
	p := wish[view.Confirm](t, b.press("D")).Plan
	if p.Consent.Kind != rental.ConsentType || p.Steps[0].Call != vastapi.Call(vastapi.DeleteAPIKey{Key: 902}) {
		t.Fatalf("%+v", p)
	}
	if !slices.ContainsFunc(p.Warnings, func(w rental.Warning) bool {
		return w.Level == rental.Danger && strings.Contains(w.Text, "his program uses this key")
	}) {
		t.Errorf("nothing is said of this run: %+v", p.Warnings)
	}
	b.press("down")
	if p := wish[view.Confirm](t, b.press("D")).Plan; slices.ContainsFunc(p.Warnings, func(w rental.Warning) bool { return w.Level == rental.Danger }) {
		t.Errorf("of another key it is said as well: %+v", p.Warnings)
	}
}

func TestADeleteSaysWhenItIsNotKnownWhichKeyThisRunHas(t *testing.T) {
	t.Parallel()
	b := newBoard(t).list(threeKeys()...)
	b.press("K")
	if got := b.reason("D"); got != "it is still being read which key this run has" {
		t.Errorf("before the account was read: %q", got)
	}
	u := owner(vastapi.FullGrant())
	u.KeyID = 0
	b.user(u)
	b.has("the server does not say which one this run has")
	p := wish[view.Confirm](t, b.press("D")).Plan
	if !slices.ContainsFunc(p.Warnings, func(w rental.Warning) bool { return strings.Contains(w.Text, "does not say which key this run has") }) {
		t.Errorf("%+v", p.Warnings)
	}
}

func TestWhatTheKeyMayNotDoSaysSo(t *testing.T) {
	t.Parallel()
	b := newBoard(t).user(owner(vastapi.Presets()[0].Permissions().Grant())).list(threeKeys()[0]).vars("A")
	for part, keys := range map[string][]string{"K": {"n", "D"}, "V": {"n", "e", "D"}} {
		b.press(part)
		for _, key := range keys {
			if got := b.reason(key); got != "This API key may not change keys and variables of the account (it lacks user_write)." {
				t.Errorf("%s %s: %q", part, key, got)
			}
			if e := b.press(key); len(e.Intents) > 0 {
				t.Errorf("%s %s wants %+v", part, key, e.Intents)
			}
		}
	}
	b = full(t)
	b.locked = true
	b.press("V")
	if got := b.reason("n"); !strings.Contains(got, "read-only") {
		t.Errorf("in a read-only run: %q", got)
	}
	if got := b.env().Changing(""); !strings.Contains(got, "read-only") {
		t.Error(got)
	}
}

func TestRightsAreSaidInWordsAndUnknownOnesAreUnknown(t *testing.T) {
	t.Parallel()
	b := newBoard(t).user(owner(vastapi.Grant{}))
	b.has("the server does not say", "? search offers: unknown", "? rent or change instances and volumes: unknown")
	b.user(owner(vastapi.GrantOf(vastapi.RightMisc, vastapi.RightUserRead)))
	b.has("misc, user_read", "● search offers", "✗ rent or change instances and volumes: not given")
	b = newBoard(t)
	client, err := vastapi.New(vastapi.WithTransport(refusing{}), vastapi.WithIntervals(vastapi.Intervals{}), vastapi.WithKey(vastapi.KeyFunc(func() string { return "k" })))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.APIKeys(t.Context()); vastapi.KindOf(err) != vastapi.KindRights {
		t.Fatal(err)
	}
	b.data.Rights.Refused = client.Refusals()
	b.user(owner(vastapi.Grant{}))
	b.has("✗ see the account: refused at ")
	b.lacks("? see the account")
}

func TestTheNewKeyIsShownOnceAndForgottenOnLeaving(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*board){
		"esc":          func(b *board) { b.press("esc") },
		"another view": func(b *board) { b.tell(view.Hidden{}) },
		"another key":  func(b *board) { b.tell(madeKey(b.t, "second")) },
	} {
		b := full(t)
		b.press("K")
		made := madeKey(t, "ci-runner")
		b.tell(made)
		b.tell(view.Shown{})
		b.has(secret, `"ci-runner"`, "shown this once", "not copied yet")
		c := wish[view.Copy](t, b.press("y"))
		if c.Text != secret || strings.Contains(c.What+c.Shown, secret[:6]) || c.Shown == "" {
			t.Errorf("what is copied is said to be %q, %q", c.What, c.Shown)
		}
		b.has("It was sent to the clipboard")
		leave(b)
		if got := made.Report.NewKey(); got.Given() || got.Reveal() != "" {
			t.Errorf("%s: the report still gives the key out", name)
		}
		if name == "esc" {
			b.lacks(secret[:6])
			b.has("API keys")
		}
	}
}

func TestTheNewKeyIsNowhereButOnItsPage(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.shown = view.Market
	e := b.tell(madeKey(t, "ci-runner"))
	if toast := wish[view.Toast](t, e); !strings.Contains(toast.Text, "press 8") || strings.Contains(toast.Text, secret[:6]) {
		t.Errorf("it says %q", toast.Text)
	}
	if _, badge := b.m.Title(b.env()); badge != "new key!" {
		t.Errorf("the badge is %q", badge)
	}
	text, err := json.Marshal(b.m.fresh.key)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{string(text), fmt.Sprintf("%+v %#v", b.m.fresh, b.m.fresh.key), fmt.Sprint(b.m.Actions(b.env()))}
	for _, said := range all {
		if strings.Contains(said, secret[:6]) {
			t.Errorf("%q tells the key", said)
		}
	}
	b.tell(view.Hidden{}) // it was not on the screen yet
	b.shown = view.Account
	b.has(secret)
}

func TestNothingElseIsDoneWhileTheNewKeyIsShown(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.tell(madeKey(t, "ci-runner"))
	for _, key := range []string{"n", "D", "K", "V", "L", "X", "enter", "space", "q", "left"} {
		if e := b.press(key); len(e.Intents) > 0 || e.Cmd != nil {
			t.Errorf("%s wants %+v", key, e.Intents)
		}
		b.has(secret)
	}
}

func TestTheRunGoesOnWithTheNewKey(t *testing.T) {
	t.Parallel()
	var kept []string
	b := full(t)
	b.set = command.New(t.Context(), command.Config{Keys: command.Keys{Keep: func(_ context.Context, key string, in command.KeepIn, _ string) (command.Connected, error) {
		kept = append(kept, fmt.Sprint(key, in))
		return command.Connected{}, errBroken
	}}})
	b.tell(madeKey(t, "ci-runner"))
	e := b.press("u")
	b.has("logging in with it")
	b.tell(e.Cmd())
	b.has(errBroken.Error(), secret)
	if want := []string{fmt.Sprint(secret, command.KeepRun)}; !slices.Equal(kept, want) {
		t.Errorf("tried was %d times", len(kept))
	}
}

func TestVariablesAreSetAndTheirValuesNeverDrawn(t *testing.T) {
	t.Parallel()
	const value = "hf_0123456789abcdef"
	for name, want := range map[string]vastapi.Call{
		"new_one":  vastapi.CreateEnvVar{Key: "NEW_ONE", Value: vastapi.NewSecret(value)},
		"hf_token": vastapi.UpdateEnvVar{Key: "HF_TOKEN", Value: vastapi.NewSecret(value)},
	} {
		b := full(t)
		b.press("V")
		f := wish[view.Ask](t, b.press("n")).Form
		v := values(f)
		v[fName], v[fValue] = name, value
		if errs := f.Check(v); len(errs) > 0 {
			t.Fatal(errs)
		}
		plan := wish[view.Confirm](t, f.Submit(b.env(), v)).Plan
		got, err := plan.Steps[0].Call.Body()
		if err != nil {
			t.Fatal(err)
		}
		body, err := want.Body()
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(body) || plan.Steps[0].Call.Method() != want.Method() {
			t.Errorf("%s: %s of %d bytes", name, plan.Steps[0].Call.Method(), len(got))
		}
		if said := fmt.Sprintf("%+v %v %v", plan, f.Panel(v), b.plain()); strings.Contains(said, value[:8]) {
			t.Errorf("%s: the value is told", name)
		}
		for _, field := range f.Fields {
			if field.Key == fValue && field.Kind != view.Secret {
				t.Error("the value is shown while it is typed")
			}
		}
	}
}

func TestNamesOfVariablesAreCheckedAsTheServerDoes(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("V")
	f := wish[view.Ask](t, b.press("n")).Form
	for name, good := range map[string]bool{"A": true, "_x1": true, "": false, "1A": false, "A-B": false, "A B": false, "Ä": false, strings.Repeat("A", 257): false} {
		if got := f.Check(view.Values{fName: name, fValue: "v"})[fName] == ""; got != good {
			t.Errorf("%q: taken %t, want %t", name, got, good)
		}
	}
	if f.Check(view.Values{fName: "A"})[fValue] == "" {
		t.Error("a variable without a value is taken")
	}
	if f.Check(view.Values{fName: "A", fValue: strings.Repeat("x", vastapi.MaxEnvValue+1)})[fValue] == "" {
		t.Error("a value that is too long is taken")
	}
}

func TestAnotherValueIsForTheVariableUnderTheCursor(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("V", "down")
	f := wish[view.Ask](t, b.press("e")).Form
	if v := values(f); v[fName] != "HF_TOKEN" || v[fValue] != "" || f.Focus != fValue {
		t.Errorf("it begins with %v at %q", v, f.Focus)
	}
	c := wish[view.Confirm](t, b.press("D"))
	if c.Plan.Steps[0].Call != vastapi.Call(vastapi.DeleteEnvVar{Key: "HF_TOKEN"}) {
		t.Errorf("%+v", c.Plan.Steps[0].Call)
	}
	b.vars("WANDB_API_KEY")
	if e := c.Again(b.env(), ""); wish[view.Toast](t, e).Text == "" {
		t.Error("what is gone is planned again")
	}
}

func TestTheLogIsFilteredInTheLanguageOfQueries(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{
		"": 7, "ours=yes": 3, "ours=no": 4, "who=other": 1, "who=us": 2, "who!=us": 5, "another": 1, "key=902": 3, "ip=203.0.113.9": 2, "destroy": 1, "id=5503": 1, "key_name=ci-runner": 1, "away=yes": 2, "secrets": 1, "zebra": 0,
	} {
		b := full(t)
		b.press("A", "/")
		b.text(query)
		b.press("enter")
		p, ok := b.m.shown().(*logPart)
		if !ok {
			t.Fatal("the log is not shown")
		}
		if got := p.table.Shown(); got != want {
			t.Errorf("%q shows %d lines, want %d:\n%s", query, got, want, b.plain())
		}
	}
}

func TestEnterLeadsFromALineToItsOperation(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("A", "end", "up")
	if e := b.press("enter"); len(e.Intents) > 0 {
		t.Fatalf("the first enter wants %+v", e.Intents)
	}
	b.has("op-destroy", "enter shows it in Activity")
	g := wish[view.Goto](t, b.press("enter"))
	if g.View != view.Activity || g.Focus != any(view.ShowOperation{ID: "op-destroy"}) {
		t.Errorf("it leads to %+v", g)
	}
	b.press("esc", "end", "enter")
	b.has("none of this machine's journal")
	if e := b.press("enter"); len(e.Intents) > 0 {
		t.Errorf("a line of others leads to %+v", e.Intents)
	}
}

func TestEscClosesDetailThenFilterThenThePart(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("A", "/")
	b.text("ours=yes")
	b.press("enter", "enter")
	b.press("esc")
	b.lacks("address  ")
	b.has("3 of 7 shown")
	b.press("esc")
	b.lacks("3 of 7 shown")
	b.press("esc")
	b.has("API key of this run")
	b.press("esc")
	b.has("API key of this run")
}

func TestAKeyLeadsToWhatTheLogSaysOfIt(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.press("K", "end", "a")
	b.has("key=901", "1 of 7 shown", "DELETE /api/v0/instances/5504/")
}

func TestNothingOfTheAccountIsAskedForBehindAnotherView(t *testing.T) {
	t.Parallel()
	api := &counting{}
	b := full(t)
	b.set.Use(api)
	asks := func(shown view.ID, wait time.Duration) bool {
		b.shown = shown
		b.now = b.now.Add(wait)
		return b.tell(command.Beat{At: b.now}).Cmd != nil
	}
	b.tell(view.Shown{})
	if asks(view.Account, time.Second) {
		t.Error("it asks again at once")
	}
	if !asks(view.Account, command.EveryKeys) {
		t.Error("it does not ask again while it is shown")
	}
	if asks(view.Market, time.Hour) {
		t.Error("it asks behind another view")
	}
	b.user(owner(vastapi.GrantOf(vastapi.RightMisc)))
	b.data.APIKeys = feed.Feed[[]vastapi.APIKey]{}
	b.data.DeriveRights()
	if asks(view.Account, time.Hour) {
		t.Error("it asks by itself for what the key may not see")
	}
}

func TestPartsAreReachedByKeysAndArrows(t *testing.T) {
	t.Parallel()
	b := full(t)
	for key, want := range map[string]string{"I": "API key of this run", "K": "This run", "V": "HF_TOKEN", "A": "api.user.login", "P": "--profile NAME"} {
		b.press(key)
		b.has(want)
	}
	b.press("I", "right", "right")
	b.has("HF_TOKEN")
	b.press("left", "left", "left")
	b.has("--profile NAME")
	if b.m.Capturing() {
		t.Error("a line has the keyboard")
	}
}

func TestProfilesAreSwitchedTo(t *testing.T) {
	t.Parallel()
	b := states["profiles"](t)
	if s := wish[view.Switch](t, b.press("enter")); s.Profile != "work" {
		t.Errorf("it switches to %q", s.Profile)
	}
	b.press("up")
	if got := b.reason("enter"); got != "this profile is in use" {
		t.Errorf("for the one in use: %q", got)
	}
}

func TestAnotherKeyIsCheckedAndTheFormComesBackWhenItDoesNotDo(t *testing.T) {
	t.Parallel()
	var tried []string
	b := full(t)
	b.set = command.New(t.Context(), command.Config{Keys: command.Keys{Keep: func(_ context.Context, key string, in command.KeepIn, phrase string) (command.Connected, error) {
		tried = append(tried, fmt.Sprint(key, in, phrase))
		return command.Connected{}, errBroken
	}}})
	f := wish[view.Ask](t, b.press("L")).Form
	v := values(f)
	if f.Check(v)[fKey] == "" {
		t.Error("no key is taken for one")
	}
	v[fKey], v[fKeep] = secret, "file"
	if f.Check(v)[fPhrase] == "" {
		t.Error("an encrypted file without a passphrase is taken")
	}
	v[fPhrase], v[fAgain] = "correct horse", "correct hors"
	if f.Check(v)[fAgain] == "" {
		t.Error("two passphrases are taken for one")
	}
	v[fAgain] = v[fPhrase]
	if errs := f.Check(v); len(errs) > 0 {
		t.Fatal(errs)
	}
	back := wish[view.FormFailed](t, b.tell(f.Submit(b.env(), v).Cmd()))
	if back.Form != f.ID || !strings.Contains(back.Text, errBroken.Error()) {
		t.Errorf("%+v", back)
	}
	if want := fmt.Sprint(secret, command.KeepFile, "correct horse"); !slices.Equal(tried, []string{want}) {
		t.Error("something else was tried")
	}
	out := wish[view.Ask](t, b.press("X")).Form
	if _, ok := out.Submit(b.env(), nil).Intents[0].(view.LogOut); !ok {
		t.Error("X does not log out")
	}
	b.session.Demo = true
	for _, key := range []string{"L", "X", "F"} {
		if b.reason(key) == "" {
			t.Errorf("%s can be pressed in the demo", key)
		}
	}
}

func TestEveryKeyOfAPartDoesOneThing(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		b := make(t)
		seen := map[string]string{}
		for _, a := range b.m.Actions(b.env()) {
			for _, k := range a.Key.Keys() {
				if other := seen[k]; other != "" {
					t.Errorf("%s: %s is both %q and %q", name, k, other, a.Key.Help().Desc)
				}
				seen[k] = a.Key.Help().Desc
			}
		}
	}
}

func TestNothingFromOutsideIsDrawnAsItCame(t *testing.T) {
	t.Parallel()
	b := full(t)
	b.audit(noted(noon, 7, hostile, hostile, hostile, hostile))
	for _, part := range []string{"I", "K", "V", "A"} {
		b.press(part, "enter")
		body := b.m.Draw(b.env(), b.size).Body
		if strings.Contains(body, "\u202e") || strings.Contains(ansi.Strip(body), "\x1b") || strings.Contains(body, "\x1b[2J") {
			t.Errorf("%s draws text as it came", part)
		}
		b.press("esc")
	}
}

func TestALongLogIsLinkedAndFilteredElsewhere(t *testing.T) {
	t.Parallel()
	b := newBoard(t).user(owner(vastapi.FullGrant())).list(threeKeys()...).journal(someJournal()...)
	b.press("A")
	log := someLog()
	for n := range 1900 {
		log = append(log, noted(sentAt.Add(-time.Duration(n+2)*time.Hour), 901, "203.0.113.9", fmt.Sprintf("PUT /api/v0/instances/%d/", 6000+n)))
	}
	run := func(e view.Effect) {
		t.Helper()
		if e.Cmd == nil {
			t.Fatal("nothing is worked out elsewhere")
		}
		b.tell(e.Cmd())
	}
	e := b.tell(command.AuditLoaded{Answer: b.answer(), Log: feed.AuditLog{List: log}})
	b.lacks("PUT /api/v0/instances/5502/")
	run(e)
	b.has("PUT /api/v0/instances/5502/", "● this program")
	b.press("/")
	for _, r := range "id=7000" {
		e = b.key(string(r))
	}
	b.press("enter")
	if got := b.reason("y"); got != "the list is being arranged" {
		t.Errorf("a line can be copied before it is seen: %q", got)
	}
	b.m.parts[3].part.(*logPart).query.SetValue("destroy")
	run(b.m.parts[3].part.(*logPart).read(b.env()))
	b.has("DELETE /api/v0/instances/5501/", "1 of 1,90")
}

func TestAKeyThatWasNotCopiedIsSpokenOfBeforeItIsLost(t *testing.T) {
	t.Parallel()
	m := &Model{}
	if said := m.Losing(); said != "" {
		t.Errorf("without a new key: %q", said)
	}
	m.fresh = &newKey{name: "ci"}
	if said := m.Losing(); !strings.Contains(said, `"ci" was not copied`) || !strings.Contains(said, "8 shows it") {
		t.Errorf("it says %q", said)
	}
	m.fresh.copied = true
	if said := m.Losing(); said != "" {
		t.Errorf("a key that was copied: %q", said)
	}
}

func TestAVariableIsNotCalledNewBeforeTheOthersWereRead(t *testing.T) {
	t.Parallel()
	b := full(t)
	said := func(env view.Env) string {
		f := wish[view.Ask](t, askVar(env, "")).Form
		v := values(f)
		v[fName] = "ABC"
		return fmt.Sprint(f.Panel(v))
	}
	if got := said(b.env()); !strings.Contains(got, "a new variable") {
		t.Errorf("with the others read it says %s", got)
	}
	blank := b.env()
	blank.Data = &feed.Snapshot{}
	if got := said(blank); strings.Contains(got, "a new variable") || !strings.Contains(got, "not known") {
		t.Errorf("with nothing read it says %s", got)
	}
}
