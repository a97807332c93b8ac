package account

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// overview is who the account is, what it may spend, and with what key it is asked.
type overview struct{ scroll int }

func (o *overview) title(view.Env) (string, string)            { return "Overview", "" }
func (o *overview) news(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (o *overview) back(*Model, view.Env) (view.Effect, bool)  { return view.Effect{}, false }
func (o *overview) capturing() bool                            { return false }

func (o *overview) load(env view.Env) tea.Cmd {
	return tea.Batch(env.Load.LoadUser(), env.Load.LoadTwoFactor(), env.Load.LoadAPIKeys())
}

func (o *overview) every() time.Duration { return command.EveryKeys }

func (o *overview) actions(m *Model, env view.Env) []view.Action {
	by := func(n int) func() view.Effect {
		return func() view.Effect { o.move(m, env, n); return view.Effect{} }
	}
	return []view.Action{
		m.logInAction(env), m.logOutAction(env), m.encryptAction(env),
		quiet("y", "copy…", m.unknown(env), func() view.Effect {
			return m.copyMenu("Copy of the account", "the account is not known any more", o.copies)
		}),
		quiet("J", "raw JSON", env.Asking(vastapi.RightUserRead, ""), func() view.Effect { return m.openRaw(env, command.RawUser{}) }),
		quiet("C", "copy the request", "", func() view.Effect { return view.Do(view.Copy{Text: "vastai show user", What: "the request"}) }),
		quiet("down", "scroll", "", by(1)), quiet("up", "scroll back", "", by(-1)),
		quiet("}", "scroll faster", "", by(3)), quiet("{", "scroll back faster", "", by(-3)),
		quiet("j", "one line down", "", by(1)), quiet("k", "one line up", "", by(-1)),
		quiet("pgdown", "one screen down", "", by(10)), quiet("pgup", "one screen up", "", by(-10)),
	}
}

// unknown is why nothing can be said of the account, or "".
func (m *Model) unknown(env view.Env) string {
	if !env.Data.User.Told() {
		return "the account has not been read yet"
	}
	return ""
}

func (o *overview) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

// move scrolls where the facts are more than there is room for.
func (o *overview) move(m *Model, env view.Env, n int) {
	w, h := env.Size.W, env.Size.H-1
	if u := env.Data.User; !u.Told() {
		o.scroll = max(0, min(o.scroll+n, pane.MaxScroll(keyFacts(env), w, h-fewNotes)))
		return
	}
	_, left, right := o.columns(env, w)
	most := pane.MaxScroll(append(left, right...), w, h)
	if right != nil && w >= twoColumns {
		half := (w - 1) / 2
		most = max(pane.MaxScroll(left, half, h), pane.MaxScroll(right, w-half-1, h))
	}
	o.scroll = max(0, min(o.scroll+n, most))
}

// twoColumns is the width from which on the account and its key stand side by side.
const twoColumns = 110

// fewNotes are the lines for why the account is not known.
const fewNotes = 6

func (o *overview) columns(env view.Env, w int) (title string, left, right []pane.Fact) {
	left, right = whoFacts(env), keyFacts(env)
	if w >= twoColumns {
		return "Account", left, right
	}
	return "Account", append(append(left, pane.Fact{}), right...), nil
}

func (o *overview) draw(_ *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	u := env.Data.User
	if notes, ok := unread(u, "the account"); !ok {
		if u.Err != nil && h > fewNotes+2 {
			// What the key may do is learnt all the same, from what it is refused.
			facts := pane.Facts(env.Theme, "API key of this run", keyFacts(env), o.scroll, w, h-fewNotes)
			return pane.Notes(env.Theme, w, fewNotes, notes...) + "\n" + facts, nil
		}
		return pane.Notes(env.Theme, w, h, append(notes, pane.Note{}, pane.Note{Class: theme.Dim, Text: keyLine(env)})...), nil
	}
	title, left, right := o.columns(env, w)
	title += " · " + strings.Join(append(told(env, u), wrong(u)...), " · ")
	if right == nil {
		return pane.Facts(env.Theme, title, left, o.scroll, w, h), nil
	}
	half := (w - 1) / 2
	s := pane.Split{ListW: half, ListH: h, DetailW: w - half - 1, DetailH: h, Beside: true}
	return pane.Join(env.Theme, s, pane.Facts(env.Theme, title, left, o.scroll, half, h), pane.Facts(env.Theme, "API key of this run", right, o.scroll, w-half-1, h)), nil
}

// facts collects facts, those that are told.
type facts struct{ list []pane.Fact }

func (f *facts) add(label, value string, class theme.Class) {
	f.list = append(f.list, pane.Fact{Label: label, Value: value, Class: class})
}

func (f *facts) when(told bool, label, value string, class theme.Class) {
	if told {
		f.add(label, value, class)
	}
}

func (f *facts) gap() { f.list = append(f.list, pane.Fact{}) }

// whoFacts are the account and its money.
func whoFacts(env view.Env) []pane.Fact {
	u := env.Data.User.Value
	var f facts
	f.add("e-mail", figure.Text(u.Email.String()), theme.Strong)
	if f.list[0].Value != figure.Unknown && u.Verified.No() {
		f.add("", "! not verified: the console sends the link again", theme.Warn)
	}
	f.when(!u.Username.Empty(), "user", u.Username.String(), theme.Plain)
	f.when(!u.FullName.Empty(), "name", u.FullName.String(), theme.Plain)
	f.add("account", strconv.FormatInt(u.ID, 10), theme.Accent)
	f.add("2nd factor", factorText(env.Data.TwoFactor), factorClass(env.Data.TwoFactor))
	f.gap()
	f.add("credit", figure.Amount(float64(u.Credit)), theme.Money)
	f.add("balance", figure.Amount(float64(u.Balance)), theme.Money)
	f.when(vastapi.Known(u.TotalSpend), "spent ever", figure.Amount(float64(u.TotalSpend)), theme.Money)
	f.when(u.CreditOnly.Yes(), "pays", "in advance: when the credit is used up, everything stops", theme.Plain)
	f.when(!u.CreditOnly.Yes() && u.CanPay.No(), "pays", "! no way to pay is stored", theme.Warn)
	switch {
	case vastapi.Known(u.TopUpBelow) && vastapi.Known(u.TopUp):
		f.add("top-up", fmt.Sprintf("%s by itself, below %s", figure.Amount(float64(u.TopUp)), figure.Amount(float64(u.TopUpBelow))), theme.Plain)
	default:
		f.add("top-up", "none is told: the credit runs out when nobody pays", theme.Dim)
	}
	f.when(vastapi.Known(u.WarnBelow), "mail below", figure.Amount(float64(u.WarnBelow)), theme.Plain)
	f.gap()
	c := env.Desk.Caps
	f.add("caps here", fmt.Sprintf("%s an action, %s in all, %s of runway: [caps] in config.toml", figure.Rate(float64(c.Action)), figure.Rate(float64(c.Total)), figure.Span(c.Runway)), theme.Plain)
	f.add("limits there", "Vast.ai tells none; a refusal that names one is shown with its figure", theme.Dim)
	f.gap()
	f.add("server", serverText(env), theme.Plain)
	text, class := clockText(env)
	f.add("its clock", text, class)
	f.add("profile", figure.Text(env.Session.Profile), theme.Plain)
	f.when(env.ReadOnly, "run", "READ-ONLY: this program refuses every change", theme.Warn)
	return f.list
}

func factorText(t feed.Feed[vastapi.TwoFactor]) string {
	switch {
	case !t.Told() && t.Err != nil:
		return "not known: " + view.Sentence(t.Err)
	case !t.Told():
		return "being asked…"
	case t.Value.On.Yes():
		text := "on"
		var by []string
		for _, m := range t.Value.Methods {
			by = append(by, m.String())
		}
		if len(by) > 0 {
			text += " (" + strings.Join(by, ", ") + ")"
		}
		if n := t.Value.BackupCodes; n >= 0 {
			text += fmt.Sprintf(", %s left", figure.Plural(n, "backup code"))
		}
		return text
	case t.Value.On.No():
		return "off: whoever has the password has the account"
	}
	return "not told"
}

func factorClass(t feed.Feed[vastapi.TwoFactor]) theme.Class {
	switch {
	case !t.Told():
		return theme.Dim
	case t.Value.On.Yes() && t.Value.BackupCodes == 0, t.Value.On.No():
		return theme.Warn
	case t.Value.On.Yes():
		return theme.Good
	}
	return theme.Dim
}

func serverText(env view.Env) string {
	switch {
	case env.Session.Demo:
		return "simulated, in this process"
	case env.Session.Host != "":
		return env.Session.Host
	}
	return "console.vast.ai"
}

// clockText says how the server's clock and this one agree.
func clockText(env view.Env) (string, theme.Class) {
	skew, known := env.Load.Skew()
	switch {
	case !known:
		return "not known yet", theme.Dim
	case skew.Abs() < 2*time.Second:
		return "agrees with this one to a second", theme.Good
	case skew > 0:
		return "▲ " + figure.Span(skew) + " ahead of this one: check the time of this machine", clockClass(skew)
	}
	return "▲ " + figure.Span(-skew) + " behind this one: check the time of this machine", clockClass(skew)
}

func clockClass(skew time.Duration) theme.Class {
	if skew.Abs() < 10*time.Second {
		return theme.Plain
	}
	return theme.Warn
}

// keyLine is where the key came from, in one line.
func keyLine(env view.Env) string {
	if env.Session.Source == "" {
		return "It is not known where the API key came from."
	}
	return "The API key is from: " + env.Session.Source + "."
}

// keyFacts are the key of this run, and what it may do.
func keyFacts(env view.Env) []pane.Fact {
	var f facts
	f.add("key from", sourceText(env.Session), theme.Strong)
	k, listed := currentKey(env)
	switch {
	case listed:
		f.add("which", fmt.Sprintf("%d %s", k.ID, figure.Text(k.Name.String())), theme.Accent)
		f.when(!k.Created.IsZero(), "made", day(k.Created), theme.Plain)
	case env.Data.User.Value.KeyID != 0:
		f.add("which", fmt.Sprintf("%d", env.Data.User.Value.KeyID), theme.Accent)
	default:
		f.add("which", "the server does not say", theme.Dim)
	}
	f.gap()
	f.list = append(f.list, rightFacts(env.Data.Rights)...)
	return f.list
}

// sourceText says where the key of this run came from.
func sourceText(s view.Session) string {
	switch s.Source {
	case "":
		return "not known"
	case "keyring":
		return "keyring of this system"
	case "key_command":
		return "key_command in config.toml"
	case "encrypted file":
		return "encrypted key file, opened with its passphrase"
	case view.RunOnly:
		return "kept nowhere; it lasts for this run only"
	case "demo":
		return "the demo, which needs none"
	}
	return s.Source
}

// currentKey is the key of this run in the list of keys.
func currentKey(env view.Env) (vastapi.APIKey, bool) {
	id := env.Data.User.Value.KeyID
	for _, k := range env.Data.APIKeys.Value {
		if id != 0 && k.ID == id {
			return k, true
		}
	}
	return vastapi.APIKey{}, false
}

// asked are the rights that this program makes use of, the most needed first.
var asked = []vastapi.Right{
	vastapi.RightMisc, vastapi.RightInstanceRead, vastapi.RightUserRead, vastapi.RightInstanceWrite,
	vastapi.RightUserWrite, vastapi.RightBillingRead, vastapi.RightBillingWrite, vastapi.RightMachineRead,
}

// rightFacts say of each right whether the key has it, and how that is known.
func rightFacts(r feed.Rights) []pane.Fact {
	var f facts
	switch {
	case r.Granted.All():
		f.add("it may", "everything that the account may", theme.Warn)
	case r.Granted.Told():
		f.add("it may", r.Granted.String(), theme.Plain)
	default:
		f.add("it may", "the server does not say; what it refuses is learnt", theme.Dim)
	}
	for _, right := range asked {
		text, class := rightText(r, right)
		f.add("", text, class)
	}
	for _, x := range r.Refused.List() {
		f.when(x.Right == "", "refused", string(x.Route)+", at "+x.At.Local().Format("15:04:05"), theme.Warn)
	}
	return f.list
}

// rightText is one right in words, with a glyph.
func rightText(r feed.Rights, right vastapi.Right) (string, theme.Class) {
	words := right.Words()
	if x, refused := r.Refused.Of(right); refused {
		at := x.At.Local().Format("15:04:05")
		if x.SecondFactor {
			return "✗ " + words + ": wants a second factor, at " + at, theme.Bad
		}
		return "✗ " + words + ": refused at " + at, theme.Bad
	}
	switch has := r.Granted.Has(right); {
	case has.Yes() && r.Granted.Narrow(right):
		return "● " + words + ", in part", theme.Good
	case has.Yes():
		return "● " + words, theme.Good
	case has.No():
		return "✗ " + words + ": not given", theme.Dim
	}
	return "? " + words + ": unknown", theme.Dim
}
