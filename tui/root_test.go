package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// world is an API that answers at once with nothing; a change would be a mistake.
type world struct{ command.API }

func (world) SearchOffers(context.Context, vastapi.OfferSearch) (vastapi.OfferPage, error) {
	return vastapi.OfferPage{Offers: []vastapi.Offer{offer(1), offer(2)}, Rows: 2, Asked: 1000}, nil
}

func (world) Instances(context.Context) (vastapi.InstancePage, error) {
	return vastapi.InstancePage{}, nil
}
func (world) InstancesByID(context.Context, []vastapi.InstanceID) (vastapi.InstancePage, error) {
	return vastapi.InstancePage{}, nil
}
func (world) PriceIncreases(context.Context) (vastapi.PriceIncreases, error) {
	return vastapi.PriceIncreases{}, nil
}
func (world) SearchVolumes(context.Context, vastapi.OfferSearch) (vastapi.OfferPage, error) {
	return vastapi.OfferPage{}, nil
}
func (world) Volumes(context.Context) (vastapi.VolumeList, error) { return vastapi.VolumeList{}, nil }
func (world) User(context.Context) (vastapi.User, error)          { return vastapi.User{Credit: 40}, nil }

// empty is a journal in which nothing was ever written.
type empty struct{}

func (empty) Append([]byte) error             { return nil }
func (empty) Replay(func([]byte) error) error { return nil }

// root is the model without a program around it. With an account it is ready,
// and nothing has been told yet.
func root(t *testing.T, account bool, change func(*Deps)) *Model {
	t.Helper()
	deps := Deps{
		Account: "default", Theme: "dark", Caps: rental.DefaultCaps(), Seed: 1, NewID: func() string { return "plan" }, CanSuspend: true,
		Command: command.Config{Journal: empty{}, Policy: rental.DefaultPolicy(), Market: command.Market{Limit: 1000, Max: 5000}},
	}
	if account {
		deps.API = world{}
	}
	if change != nil {
		change(&deps)
	}
	m := New(t.Context(), deps)
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	return m
}

func offer(id int) vastapi.Offer {
	return vastapi.Offer{
		ID: vastapi.OfferID(id), MachineID: vastapi.MachineID(id), GPUName: safetext.New("RTX 4090"), NumGPUs: 1, DphTotal: 0.4,
		Verification: safetext.New("verified"), Rentable: vastapi.FlagYes, Rented: vastapi.FlagNo, External: vastapi.FlagNo,
	}
}

func instance(id vastapi.InstanceID, actual string, billed vastapi.Rate) vastapi.Instance {
	word := safetext.New("running")
	return vastapi.Instance{
		ID: id, MachineID: 7, Actual: safetext.New(actual), Intended: word, Cur: word, Next: word, GPUName: safetext.New("RTX 4090"), NumGPUs: 1,
		BilledNow: billed, DphTotal: billed, IfRunning: billed, DphBase: billed,
	}
}

// told takes in an answer of each collection.
func told(m *Model, at time.Time, list []vastapi.Instance, volumes ...vastapi.Volume) *Model {
	found(m, command.OffersFound{Answer: command.Answer{At: at}, Page: vastapi.OfferPage{Offers: []vastapi.Offer{offer(1), offer(2)}}})
	for _, a := range []interface {
		command.Answered
		feed.Folder
	}{
		command.InstancesLoaded{Answer: command.Answer{At: at}, Page: vastapi.InstancePage{Instances: list}},
		command.VolumesLoaded{Answer: command.Answer{At: at}, List: vastapi.VolumeList{Volumes: volumes}},
		command.UserLoaded{Answer: command.Answer{At: at}, User: vastapi.User{Credit: 41.2, Email: safetext.New("someone@example.org")}},
	} {
		a.Fold(&m.data)
		m.react(a)
		m.tell(a)
	}
	return m
}

// found takes a page of offers in, as the program does. What the market view then
// asks for, because the page does not answer it, is given up.
func found(m *Model, page command.OffersFound) {
	folded := m.cmd.FoldOffers(&m.data, page, false)().(command.MarketFolded)
	m.cmd.Current(folded)
	folded.Fold(&m.data)
	m.tell(folded)
	m.cmd.Cancel(command.Offers)
}

// working makes plans with these ids count as under way.
func working(m *Model, ids ...string) *Model {
	for _, id := range ids {
		m.work[id] = dialog.NewProgress(rental.Plan{ID: id})
	}
	return m
}

// typed presses keys as Bubble Tea names them.
func typed(m *Model, names ...string) *Model {
	for _, name := range names {
		m.Update(named(name))
	}
	return m
}

// codes are the keys that have a name.
var codes = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "space": tea.KeySpace, "backspace": tea.KeyBackspace,
	"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "delete": tea.KeyDelete, "insert": tea.KeyInsert,
	"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4, "f5": tea.KeyF5, "f6": tea.KeyF6,
}

// named is the message that a terminal's key becomes; its own name tells whether
// such a key exists.
func named(name string) tea.KeyPressMsg {
	rest, mods := name, tea.KeyMod(0)
	for _, m := range []struct {
		prefix string
		mod    tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if r, ok := strings.CutPrefix(rest, m.prefix); ok && r != "" {
			rest, mods = r, mods|m.mod
		}
	}
	if code, ok := codes[rest]; ok {
		k := tea.Key{Code: code, Mod: mods}
		if rest == "space" && mods == 0 {
			k.Text = " "
		}
		return tea.KeyPressMsg(k)
	}
	letters := []rune(rest)
	if len(letters) != 1 || (mods != 0 && unicode.IsUpper(letters[0])) {
		return tea.KeyPressMsg{} // a terminal tells the shift of ctrl+shift+c apart, or not at all
	}
	k := tea.Key{Code: letters[0], Mod: mods}
	if mods == 0 {
		k.Text = rest
	}
	return tea.KeyPressMsg(k)
}

var errBroken = errors.New("broken")

// situations are the ways in which the program can stand that give keys another meaning.
func situations(t *testing.T) map[string]*Model {
	t.Helper()
	now := time.Now()
	list := []vastapi.Instance{instance(11, "running", 0.4), instance(12, "loading", 0.4)}
	full := func() *Model { return told(root(t, true, nil), now, list) }
	out := root(t, false, nil)
	out.react(command.KeyFound{Answer: command.Answer{Err: errBroken}})
	outTyping := root(t, false, nil)
	outTyping.react(command.KeyFound{Answer: command.Answer{Err: errBroken}})
	return map[string]*Model{
		"looking for a key":       root(t, false, nil),
		"no key":                  out,
		"no key, typing":          typed(outTyping, "a", "b"),
		"nothing told":            root(t, true, nil),
		"market":                  full(),
		"market, detail":          typed(full(), "enter"),
		"market, marked":          typed(full(), "space", "down", "space"),
		"market, typing":          typed(full(), "/", "4"),
		"instances":               typed(full(), "2"),
		"instances, detail":       typed(full(), "2", "enter"),
		"instances, marked":       typed(full(), "2", "space", "down", "space"),
		"instances, typing":       typed(full(), "2", "/", "x"),
		"instances, nothing told": typed(root(t, true, nil), "2"),
		"activity":                typed(busied(full()), "7"),
		"activity, detail":        typed(busied(full()), "7", "enter"),
		"activity, typing":        typed(busied(full()), "7", "/", "x"),
		"activity, nothing told":  typed(root(t, true, nil), "7"),
		"instances, empty":        typed(told(root(t, true, nil), now, nil), "2"),
		"under way":               working(full(), "a", "b"),
		"read-only":               told(root(t, true, func(d *Deps) { d.ReadOnly = true }), now, list),
		"demo":                    told(root(t, true, func(d *Deps) { d.Demo = true }), now, list),
	}
}

// busied has done something and noticed something.
func busied(m *Model) *Model {
	m.cmd.UseAccount("1")
	a := command.JournalRead{Answer: command.Answer{At: time.Now()}, Journal: feed.Journal{Account: "1"}}
	a.Fold(&m.data)
	m.tell(a)
	m.note(feed.Event{At: time.Now(), Kind: "watch", Text: "machine 7 is back", Machine: 7})
	return m
}

func TestNoViewTakesAReservedKey(t *testing.T) {
	t.Parallel()
	reserved := map[string]bool{"ctrl+c": true, "?": true, ":": true, "ctrl+r": true, "J": true, "y": true, "C": true}
	for n := 1; n <= 8; n++ {
		reserved[fmt.Sprint(n)] = true
	}
	for name, m := range situations(t) {
		views := []view.View{m.login}
		for _, tab := range m.views {
			views = append(views, tab.view)
		}
		for _, v := range views {
			for _, a := range v.Actions(m.env()) {
				for _, key := range a.Key.Keys() {
					copies := (key == "C" || key == "y") && strings.HasPrefix(a.Key.Help().Desc, "copy") || key == "J" && a.Key.Help().Desc == "raw JSON"
					if reserved[key] && !copies {
						t.Errorf("%s: a view binds %q, which means the same everywhere", name, key)
					}
				}
			}
		}
	}
}

func TestEveryBindingIsAKeyThatExists(t *testing.T) {
	t.Parallel()
	for name, m := range situations(t) {
		for _, a := range append(m.current().Actions(m.env()), m.actions()...) {
			if len(a.Key.Keys()) == 0 {
				t.Errorf("%s: %q has no key", name, a.Key.Help().Desc)
			}
			for _, key := range a.Key.Keys() {
				if got := named(key).String(); got != key {
					t.Errorf("%s: %q is bound, but Bubble Tea calls that key %q", name, key, got)
				}
			}
			if a.Key.Help().Key == "" || a.Key.Help().Desc == "" || a.Group == "" || a.Do == nil {
				t.Errorf("%s: the action of %v lacks its help, group or deed", name, a.Key.Keys())
			}
		}
	}
	for _, wrong := range []string{" ", "return", "escape", "pgdn", "ctrl+C", "spacebar", "delete-word"} {
		if named(wrong).String() == wrong {
			t.Errorf("%q counts as a key, so that this test would find nothing", wrong)
		}
	}
}

func TestNoKeyHasTwoMeaningsAtOnce(t *testing.T) {
	t.Parallel()
	for name, m := range situations(t) {
		for where, list := range map[string][]view.Action{"view": m.current().Actions(m.env()), "program": m.actions()} {
			seen := map[string]string{}
			for _, a := range list {
				for _, key := range a.Key.Keys() {
					if other, ok := seen[key]; ok {
						t.Errorf("%s: in the %s %q means %q and %q", name, where, key, other, a.Key.Help().Desc)
					}
					seen[key] = a.Key.Help().Desc
				}
			}
		}
	}
}

func TestHelpNamesEachKeyOnce(t *testing.T) {
	t.Parallel()
	for name, m := range situations(t) {
		if m.session.phase == loggedOut {
			continue // there a question mark is typed
		}
		seen := map[string]bool{}
		for _, it := range m.keys() {
			if seen[it.Group+it.Key] {
				t.Errorf("%s: the help names %s twice under %s", name, it.Key, it.Group)
			}
			seen[it.Group+it.Key] = true
		}
		if !seen["Everywherectrl+c"] || !seen["Everywhere?"] {
			t.Errorf("%s: the help lacks ctrl+c or itself", name)
		}
	}
}
