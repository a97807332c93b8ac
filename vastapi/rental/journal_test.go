package rental

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

func TestTheJournalHoldsNoSecret(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const secret = "hunter2-hunter2"
		a, j := newAccount(), &memory{}
		opt := someOptions
		opt.Env = map[string]string{"HF_TOKEN": secret, "-p 8080:8080": "1"}
		p := must(t)(PlanRent(a.offers[0], time.Now(), opt, a.desk(t)))
		a.answer = once(vastapi.Result{Err: &vastapi.Error{Kind: vastapi.KindServer, Message: "env " + secret + " is odd"}})
		r := Execute(t.Context(), a.deps(j), p, nil)
		if strings.Contains(j.text(), secret) || strings.Contains(j.text(), "HF_TOKEN") {
			t.Errorf("journal:\n%s", j.text())
		}
		if c := a.calls[0].(vastapi.CreateInstance); c.Env["HF_TOKEN"] != secret || c.Env[opVariable] == "" {
			t.Errorf("sent %v", c.Env)
		}
		if strings.Contains(draw(p)+r.Failed[0].Why, secret) {
			t.Error("the plan shows a secret")
		}
	})
}

func TestTheJournalTellsEnoughToRentAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		a, j := newAccount(), &memory{}
		opt := someOptions
		opt.Bid = bid(0.3)
		p := must(t)(PlanRent(a.offers[0], time.Now(), opt, a.desk(t)))
		checkCounts(t, Execute(t.Context(), a.deps(j), p, nil), 1, 0, 0, 0, 0)
		ops, err := Open(j)
		if err != nil || len(ops.All()) != 1 {
			t.Fatalf("%+v, %v", ops, err)
		}
		op := ops.All()[0]
		name, _ := SplitLabel(op.Label)
		if name != "train" || op.Image != opt.Image || op.Disk != 32 || *op.Bid != 0.3 || op.Subject.Offer != 77 ||
			op.State != OpConfirmed || op.Contract != 9001 || op.MaxRate != p.Steps[0].Rate {
			t.Errorf("kept %+v", op)
		}
	})
}

func TestOnlyOpenOperationsAreReserved(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]vastapi.Rate{
		recordSent: 0.4, recordUnknown: 0.4, recordConfirmed: 0, recordRejected: 0, recordNotSent: 0, recordAbsent: 0,
	} {
		j := &memory{}
		s := Step{Verb: "rent", Call: vastapi.CreateInstance{}, Rate: 0.4}
		for _, r := range []record{intentOf("", "p", "p/0", s), {Kind: recordSent, Op: "p/0"}, {Kind: kind, Op: "p/0"}} {
			if err := write(j, r); err != nil {
				t.Fatal(err)
			}
		}
		ops, err := Open(j)
		if err != nil || ops.Reserved() != want {
			t.Errorf("%s: reserved %v, %v; want %v", kind, ops.Reserved(), err, want)
		}
	}
}

func TestARentWithoutAKnownRateReservesAnUnknownOne(t *testing.T) {
	t.Parallel()
	j := &memory{lines: [][]byte{[]byte(`{"kind":"intent","op":"p/0","verb":"rent"}`), []byte(`{"kind":"sent","op":"p/0"}`)}}
	ops, err := Open(j)
	if err != nil || vastapi.Known(ops.Reserved()) {
		t.Errorf("reserved %v, %v", ops.Reserved(), err)
	}
}

func TestOrphansAreTokensWithoutAConfirmedRent(t *testing.T) {
	t.Parallel()
	j := &memory{}
	say := func(rs ...record) {
		for _, r := range rs {
			if err := write(j, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	for n, token := range []string{"aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc"} {
		op := string(rune('0' + n))
		say(record{Kind: recordIntent, Op: op, Verb: "rent", Token: token}, record{Kind: recordSent, Op: op})
	}
	say(record{Kind: recordConfirmed, Op: "0", Contract: 1}, record{Kind: recordAbsent, Op: "1"})
	ops, err := Open(j)
	if err != nil {
		t.Fatal(err)
	}
	instances := []vastapi.Instance{
		instance(1, "a vx-aaaaaaaaaaaa"), // confirmed
		instance(2, "a vx-aaaaaaaaaaaa"), // its double
		instance(3, "b vx-bbbbbbbbbbbb"), // came late
		instance(4, "c vx-cccccccccccc"), // still looked for
		instance(5, "vx-dddddddddddd"),   // not known here
		instance(6, "by hand"),
	}
	if got := Orphans(instances, ops); !reflect.DeepEqual(got, []vastapi.InstanceID{2, 3, 5}) {
		t.Errorf("orphans %v", got)
	}
}

func FuzzJournalRecords(f *testing.F) {
	rate := vastapi.Rate(0.4)
	for _, r := range []record{
		{Kind: recordPlan, Plan: "p", Run: "r", Process: "q"},
		{Kind: recordIntent, Plan: "p", Op: "p/0", Verb: "rent", Token: "abcdefghijkl", Label: "ä \x00", MaxRate: &rate, Disk: 32},
		{Kind: recordConfirmed, Op: "p/0", Contract: 9, Via: "response"},
		{Kind: recordRejected, Op: "p/0", Status: 410, Error: "gone"},
		{Kind: recordAbsent, Op: "p/0", Checks: 3},
	} {
		line, err := r.encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Add([]byte(`{"kind":"sent","op":"p/0","t":"2026-01-01T00:00:00Z","max_dph":null}`))
	f.Add([]byte(`{"kind":"later","op":"x"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := decodeRecord(line)
		if err != nil {
			return
		}
		again, err := r.encode()
		if err != nil {
			t.Fatalf("%q was read but cannot be written: %v", line, err)
		}
		if bytes.ContainsAny(again, "\n\r") {
			t.Fatalf("%q spans lines", again)
		}
		back, err := decodeRecord(again)
		if err != nil {
			t.Fatalf("%q: %v", again, err)
		}
		if twice, _ := back.encode(); !bytes.Equal(again, twice) {
			t.Fatalf("%q became %q", again, twice)
		}
		ops, err := Open(&memory{lines: [][]byte{line, again, line}})
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range ops.Open() {
			lookedFor(0, op, DefaultPolicy())
		}
		_ = pricing.Shown(ops.Reserved())
	})
}

func TestARecordThatIsNotUnderstoodIsAnError(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		``, `null`, `{}`, `[]`, `{"kind":"refund","op":"p/0"}`, `{"kind":"sent"}`, `{"kind":"plan","plan":"p"}`, `{"kind":"sent","op":7}`,
	} {
		if _, err := decodeRecord([]byte(line)); err == nil {
			t.Errorf("%q was taken", line)
		}
		if _, err := Open(&memory{lines: [][]byte{[]byte(line)}}); err == nil {
			t.Errorf("a journal with %q may be spent past", line)
		}
	}
}
