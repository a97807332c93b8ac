package account

import (
	"testing"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

func past(t *testing.T, lines ...string) []rental.Past {
	t.Helper()
	ops, err := rental.Open(written(lines))
	if err != nil {
		t.Fatal(err)
	}
	return ops.Recent("1")
}

// one is the journal of one destroy, sent at sentAt and answered two seconds later.
func one(instance string) []string {
	at := func(d time.Duration) string { return sentAt.Add(d).Format(time.RFC3339Nano) }
	return []string{
		`{"kind":"intent","t":"` + at(-time.Second) + `","plan":"p` + instance + `","op":"op-` + instance + `","account":"1","verb":"destroy","instance":` + instance + `}`,
		`{"kind":"sent","t":"` + at(0) + `","plan":"p` + instance + `","op":"op-` + instance + `"}`,
		`{"kind":"confirmed","t":"` + at(2*time.Second) + `","plan":"p` + instance + `","op":"op-` + instance + `","via":"response"}`,
	}
}

func TestAnEntryIsOursWhenItsRouteAndItsTimeFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  string
		route string
		off   time.Duration
		ahead time.Duration
		want  bool
	}{
		{"at once", "DELETE /api/v0/instances/5501/", 0, 0, true},
		{"two seconds before", "DELETE /api/v0/instances/5501/", -2 * time.Second, 0, true},
		{"two seconds after the answer", "DELETE /api/v0/instances/5501/", 4 * time.Second, 0, true},
		{"too early", "DELETE /api/v0/instances/5501/", -3 * time.Second, 0, false},
		{"too late", "DELETE /api/v0/instances/5501/", 5 * time.Second, 0, false},
		{"the server's clock is ahead", "DELETE /api/v0/instances/5501/", 10 * time.Minute, 10 * time.Minute, true},
		{"the server's clock is ahead, and that is reckoned with", "DELETE /api/v0/instances/5501/", 0, 10 * time.Minute, false},
		{"another instance", "DELETE /api/v0/instances/5502/", 0, 0, false},
		{"another method", "PUT /api/v0/instances/5501/", 0, 0, false},
		{"another request", "DELETE /api/v0/volumes/5501/", 0, 0, false},
		{"no method is told", "/api/v0/instances/5501/", 0, 0, true},
		{"no version is told", "DELETE /instances/5501", 0, 0, true},
		{"a place for the id", "DELETE /api/v0/instances/{id}/", 0, 0, true},
		{"a name in place of a path", "api.instance", 0, 0, true},
		{"another name", "api.instance.reboot", 0, 0, false},
		{"nothing", "", 0, 0, false},
	} {
		rows := entries([]vastapi.AuditEntry{noted(sentAt.Add(c.off), 1, "10.0.0.1", c.route)}, past(t, one("5501")...), origin{}, c.ahead, noon)
		if got := rows[0].ours != nil; got != c.want {
			t.Errorf("%s: ours %t, want %t", c.what, got, c.want)
		}
	}
}

func TestTheIdMayStandBesideTheRoute(t *testing.T) {
	t.Parallel()
	e := noted(sentAt, 1, "", "api.instance")
	for id, want := range map[int64]bool{5501: true, 5502: false} {
		e.Objects = []int64{id}
		if got := entries([]vastapi.AuditEntry{e}, past(t, one("5501")...), origin{}, 0, noon)[0].ours != nil; got != want {
			t.Errorf("%d: ours %t, want %t", id, got, want)
		}
	}
}

func TestEachOperationIsLinkedOnceAndTheNearestFirst(t *testing.T) {
	t.Parallel()
	log := []vastapi.AuditEntry{
		noted(sentAt.Add(3*time.Second), 1, "", "/api/v0/instances/{id}/"), noted(sentAt.Add(500*time.Millisecond), 1, "", "/api/v0/instances/{id}/"),
	}
	rows := entries(log, past(t, one("5501")...), origin{}, 0, noon)
	if rows[0].ours != nil || rows[1].ours == nil {
		t.Errorf("linked are %v and %v, want the second alone", rows[0].ours != nil, rows[1].ours != nil)
	}
}

func TestWhatTheLogDoesNotTellIsAddedAsFarBackAsItReaches(t *testing.T) {
	t.Parallel()
	other := func(off time.Duration) []vastapi.AuditEntry {
		return []vastapi.AuditEntry{noted(sentAt.Add(off), 7, "", "PUT /api/v0/instances/1/")}
	}
	for _, c := range []struct {
		what string
		log  []vastapi.AuditEntry
		read time.Time
		want int
	}{
		{"older lines are there", other(-time.Hour), noon, 2},
		{"the log begins later", other(time.Hour), noon, 1},
		{"it was sent just before the log was read", other(-time.Hour), sentAt.Add(5 * time.Second), 1},
		{"the log is empty", nil, noon, 0},
	} {
		rows := entries(c.log, past(t, one("5501")...), origin{}, 0, c.read)
		if len(rows) != c.want {
			t.Errorf("%s: %d rows, want %d", c.what, len(rows), c.want)
		}
		if c.want == 2 && (rows[1].who != byJournal || rows[1].route != "DELETE /api/v0/instances/5501/") {
			t.Errorf("it is said to be %q, %q", rows[1].who, rows[1].route)
		}
	}
}

func TestWhoMadeAnEntryIsSaidInWords(t *testing.T) {
	t.Parallel()
	ours := noted(sentAt, 902, "198.51.100.7", "DELETE /api/v0/instances/5501/")
	names := map[int64]string{901: "ci", 902: "laptop"}
	for _, c := range []struct {
		key   int64
		ip    string
		o     origin
		want  string
		away  bool
		class theme.Class
	}{
		{902, "198.51.100.7", origin{902, names}, byThisKey, false, theme.Plain},
		{902, "203.0.113.9", origin{902, names}, byElsewhere, true, theme.Warn},
		{901, "198.51.100.7", origin{902, names}, byOther, false, theme.Warn},
		{901, "203.0.113.9", origin{902, names}, byOther, true, theme.Warn},
		{800, "198.51.100.7", origin{902, names}, byGone, false, theme.Warn},
		{800, "198.51.100.7", origin{902, nil}, byOther, false, theme.Warn},
		{0, "203.0.113.9", origin{902, names}, byNobody, true, theme.Dim},
		{901, "198.51.100.7", origin{0, names}, byAnyone, false, theme.Plain},
	} {
		log := []vastapi.AuditEntry{noted(sentAt.Add(time.Hour), c.key, c.ip, "PUT /api/v0/instances/9/"), ours}
		e := entries(log, past(t, one("5501")...), c.o, 0, noon)[0]
		if e.who != c.want || e.away != c.away || e.class != c.class {
			t.Errorf("key %d from %s: %q, away %t, class %d; want %q, %t, %d", c.key, c.ip, e.who, e.away, e.class, c.want, c.away, c.class)
		}
	}
	if e := entries([]vastapi.AuditEntry{noted(sentAt, 1, "10.0.0.1", "x")}, nil, origin{}, 0, noon)[0]; e.away {
		t.Error("an address is said to be another one although none of this program is known")
	}
}

func TestEntriesOfOneMomentAreToldApart(t *testing.T) {
	t.Parallel()
	e := noted(sentAt, 1, "10.0.0.1", "PUT /x/")
	rows := entries([]vastapi.AuditEntry{e, e, e}, nil, origin{}, 0, noon)
	if rows[0].key == rows[1].key || rows[1].key == rows[2].key || rows[0].key == rows[2].key {
		t.Errorf("the keys are %q, %q, %q", rows[0].key, rows[1].key, rows[2].key)
	}
}

func TestSecretsInArgumentsAreNotInTheLine(t *testing.T) {
	t.Parallel()
	e := noted(sentAt, 1, "", "POST /api/v0/secrets/", "key", "HF_TOKEN", "value", "…")
	e.Args = append(e.Args, vastapi.AuditArg{Name: safetext.New(hostile), Value: safetext.New(hostile)})
	row := entries([]vastapi.AuditEntry{e}, nil, origin{}, 0, noon)[0]
	if want := "key=HF_TOKEN value=… "; len(row.args) < len(want) || row.args[:len(want)] != want {
		t.Errorf("the arguments are %q", row.args)
	}
}
