package account

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dark = theme.New(true)
)

// board is the view with the world around it, without a program.
type board struct {
	t        testing.TB
	m        *Model
	data     *feed.Snapshot
	now      time.Time
	size     view.Size
	locked   bool // the run is read-only
	shown    view.ID
	session  view.Session
	profiles []view.Profile
	keys     command.Keys
	set      *command.Set
}

func newBoard(t testing.TB) *board {
	t.Helper()
	b := &board{
		t: t, m: New(dark), data: &feed.Snapshot{}, now: noon, size: view.Size{W: 140, H: 30}, shown: view.Account,
		session: view.Session{Profile: "default", Source: "keyring"},
	}
	b.set = command.New(t.Context(), command.Config{Keys: command.Keys{}})
	return b
}

func (b *board) env() view.Env {
	return view.Env{
		Now: b.now, Data: b.data, Theme: dark, Size: b.size, ReadOnly: b.locked, Load: b.set.Loads(), Shown: b.shown, Session: b.session, Profiles: b.profiles,
		Desk: rental.Desk{Now: b.now, At: b.now, NewID: func() string { return "plan" }, Caps: rental.DefaultCaps(), Credit: 40},
	}
}

// tell hands the view a message, as the root does: first the snapshot, then it.
func (b *board) tell(msg tea.Msg) view.Effect {
	if f, ok := msg.(feed.Folder); ok {
		f.Fold(b.data)
	}
	return b.m.Update(b.env(), msg)
}

func (b *board) answer() command.Answer {
	b.now = b.now.Add(3 * time.Second)
	return command.Answer{At: b.now}
}

func (b *board) user(u vastapi.User) *board {
	b.tell(command.UserLoaded{Answer: b.answer(), User: u})
	return b
}

func (b *board) list(keys ...vastapi.APIKey) *board {
	b.tell(command.APIKeysLoaded{Answer: b.answer(), Keys: keys})
	return b
}

func (b *board) vars(names ...string) *board {
	var list []vastapi.EnvVar
	for _, n := range names {
		list = append(list, vastapi.EnvVar{Name: safetext.New(n), Set: !strings.HasPrefix(n, "EMPTY")})
	}
	b.tell(command.EnvVarsLoaded{Answer: b.answer(), Vars: list})
	return b
}

func (b *board) audit(list ...vastapi.AuditEntry) *board {
	b.tell(command.AuditLoaded{Answer: b.answer(), Log: feed.AuditLog{List: list}})
	return b
}

// journal is what this machine has done, as lines of its journal.
func (b *board) journal(lines ...string) *board {
	b.t.Helper()
	ops, err := rental.Open(written(lines))
	if err != nil {
		b.t.Fatal(err)
	}
	b.tell(command.JournalRead{Answer: b.answer(), Journal: feed.JournalOf(ops, "1")})
	return b
}

type written []string

func (written) Append([]byte) error { return nil }

func (l written) Replay(fn func([]byte) error) error {
	for _, one := range l {
		if err := fn([]byte(one)); err != nil {
			return err
		}
	}
	return nil
}

// press does what the root does with a key: the view's action, else the view.
func (b *board) press(names ...string) view.Effect { return solo.Press(b.key, names...) }

func (b *board) key(name string) view.Effect { return solo.Key(b.m, b.env(), name) }

func (b *board) text(t string) { solo.Type(b.key, t) }

func (b *board) plain() string { return solo.Plain(b.m, b.env(), b.size) }

func (b *board) has(want ...string) {
	b.t.Helper()
	solo.Has(b.t, b.plain(), want...)
}

func (b *board) lacks(texts ...string) {
	b.t.Helper()
	solo.Lacks(b.t, b.plain(), texts...)
}

// reason is why a key's action cannot be done.
func (b *board) reason(key string) string { return solo.Reason(b.m, b.env(), key) }

// wish is the one thing of its kind that an effect wants.
func wish[T view.Intent](t testing.TB, e view.Effect) T {
	t.Helper()
	return solo.Wish[T](t, e)
}

// owner is an account whose key has these rights.
func owner(g vastapi.Grant) vastapi.User {
	none := vastapi.Unknown[vastapi.Amount]()
	return vastapi.User{
		ID: 4711, Email: safetext.New("ada@example.org"), Username: safetext.New("ada"), Credit: 23.4, Balance: 0, Verified: vastapi.FlagYes, CreditOnly: vastapi.FlagYes,
		KeyID: 902, Grant: g, TotalSpend: 812.55, WarnBelow: 5, TopUpBelow: none, TopUp: none,
	}
}

func apiKey(id int64, name string, g vastapi.Grant) vastapi.APIKey {
	return vastapi.APIKey{ID: id, Name: safetext.New(name), Type: safetext.New("api"), Created: noon.Add(-time.Duration(1000-id) * time.Hour), Grant: g}
}

func threeKeys() []vastapi.APIKey {
	reads := vastapi.Presets()[0].Permissions().Grant()
	return []vastapi.APIKey{apiKey(901, "ci-runner", reads), apiKey(902, "laptop", vastapi.FullGrant()), apiKey(903, hostile, vastapi.GrantOf(vastapi.RightMisc))}
}

// hostile is a name that somebody else has chosen.
const hostile = "\x1b[2J世界\u202e👩‍👩‍👧‍👦=1+1\r\n"

// full is a view about which everything is known.
func full(t testing.TB) *board {
	b := newBoard(t).user(owner(vastapi.FullGrant())).list(threeKeys()...).vars("HF_TOKEN", "WANDB_API_KEY", "EMPTY_ONE").journal(someJournal()...).audit(someLog()...)
	b.tell(command.TwoFactorLoaded{Answer: b.answer(), State: vastapi.TwoFactor{On: vastapi.FlagYes, Methods: []safetext.Text{safetext.New("totp")}, BackupCodes: 7}})
	return b
}

// sentAt is when the operations of someJournal were sent.
var sentAt = noon.Add(-2 * time.Hour)

func someJournal() []string {
	at := func(d time.Duration) string { return sentAt.Add(d).Format(time.RFC3339Nano) }
	return []string{
		`{"kind":"intent","t":"` + at(0) + `","plan":"p1","op":"op-destroy","account":"1","verb":"destroy","instance":5501}`,
		`{"kind":"sent","t":"` + at(time.Second) + `","plan":"p1","op":"op-destroy"}`,
		`{"kind":"confirmed","t":"` + at(2*time.Second) + `","plan":"p1","op":"op-destroy","via":"response"}`,
		`{"kind":"intent","t":"` + at(time.Hour) + `","plan":"p2","op":"op-stop","account":"1","verb":"stop","instance":5502,"state":"stopped"}`,
		`{"kind":"sent","t":"` + at(time.Hour+time.Second) + `","plan":"p2","op":"op-stop"}`,
		`{"kind":"confirmed","t":"` + at(time.Hour+3*time.Second) + `","plan":"p2","op":"op-stop","via":"response"}`,
		`{"kind":"intent","t":"` + at(90*time.Minute) + `","plan":"p3","op":"op-reboot","account":"1","verb":"reboot","instance":5503}`,
		`{"kind":"sent","t":"` + at(90*time.Minute) + `","plan":"p3","op":"op-reboot"}`,
		`{"kind":"confirmed","t":"` + at(91*time.Minute) + `","plan":"p3","op":"op-reboot","via":"response"}`,
	}
}

func noted(at time.Time, key int64, ip, route string, args ...string) vastapi.AuditEntry {
	e := vastapi.AuditEntry{At: at, Key: key, IP: safetext.New(ip), Route: safetext.New(route)}
	for n := 0; n+1 < len(args); n += 2 {
		e.Args = append(e.Args, vastapi.AuditArg{Name: safetext.New(args[n]), Value: safetext.New(args[n+1])})
	}
	return e
}

// someLog is the log of the same time, the newest first.
func someLog() []vastapi.AuditEntry {
	return []vastapi.AuditEntry{
		noted(sentAt.Add(100*time.Minute), 901, "203.0.113.9", "DELETE /api/v0/instances/5504/", "id", "5504"),
		noted(sentAt.Add(80*time.Minute), 902, "203.0.113.9", "PUT /api/v0/instances/5505/", "state", "running"),
		noted(sentAt.Add(time.Hour+2*time.Second), 902, "198.51.100.7", "PUT /api/v0/instances/5502/", "state", "stopped"),
		noted(sentAt.Add(30*time.Minute), 877, "198.51.100.7", "POST /api/v0/secrets/", "key", "HF_TOKEN", "value", "…"),
		noted(sentAt.Add(2*time.Second), 902, "198.51.100.7", "DELETE /api/v0/instances/5501/", "id", "5501"),
		noted(sentAt.Add(-time.Hour), 0, "", "api.user.login"),
	}
}

// counting is a client of which nobody waits for an answer.
type counting struct{ command.API }

func (*counting) Refusals() vastapi.Refusals { return vastapi.Refusals{} }

// refusing is a server whose key lacks the right to see the account.
type refusing struct{}

func (refusing) RoundTrip(q *http.Request) (*http.Response, error) {
	body := `{"success":false,"error":"auth_error","msg":"Your key lacks the user_read permission group"}`
	return &http.Response{StatusCode: 401, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: q}, nil
}
