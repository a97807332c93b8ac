package rental

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

var begun = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// told is a journal that tells these records.
func told(t *testing.T, records ...record) Ops {
	t.Helper()
	j := &memory{}
	for _, r := range records {
		if err := write(j, r); err != nil {
			t.Fatal(err)
		}
	}
	ops, err := Open(j)
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

func rent(op, account, token string, at time.Time) []record {
	rate := vastapi.Rate(0.4)
	return []record{
		{Kind: recordIntent, Time: at, Plan: "p", Op: op, Account: account, Verb: "rent", Token: token, Label: Label("train", token), Offer: 77, Image: "pytorch", Disk: 32, MaxRate: &rate},
		{Kind: recordSent, Time: at.Add(time.Second), Plan: "p", Op: op},
	}
}

func TestHistoryTellsEveryRecordInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	list := append(rent("a", "1", "aaaaaaaaaaaa", begun),
		record{Kind: recordConfirmed, Time: begun.Add(9 * time.Second), Op: "a", Contract: 5, Via: "reading"},
		record{Kind: recordUnknown, Time: begun.Add(3 * time.Second), Op: "a", Status: 502, Error: string(vastapi.KindServer)},
	)
	ops := told(t, list...)
	var got []string
	for _, m := range ops.Moments("a") {
		got = append(got, m.What+"/"+m.Said)
	}
	want := []string{"about to be sent/", "sent/", "unknown/the server answered 502", "confirmed/seen when the account was read"}
	if !slices.Equal(got, want) {
		t.Errorf("it tells %q, want %q", got, want)
	}
	op := ops.All()[0]
	if d, known := op.Took(); !known || d != 8*time.Second || !op.When().Equal(begun.Add(9*time.Second)) || op.Instance() != 5 || op.Name() != "train" || op.Failed() {
		t.Errorf("took %s (%t), when %s, instance %d, name %q", d, known, op.When(), op.Instance(), op.Name())
	}
	if len(ops.Moments("nobody")) != 0 {
		t.Error("an operation that is not known has a history")
	}
}

func TestAnswersAreOurOwnWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		r    record
		want string
	}{
		{record{Kind: recordConfirmed, Via: "response"}, "the server said yes"},
		{record{Kind: recordRejected, Status: 410, Error: string(vastapi.KindGone)}, "HTTP 410: This offer is no longer available. Search again and choose another."},
		{record{Kind: recordRejected, Error: "\x1b[2J"}, "The request failed."},
		{record{Kind: recordNotSent}, "no byte of it left this machine"},
		{record{Kind: recordUnknown}, "no answer"},
		{record{Kind: recordAbsent, Checks: 6}, "not there in 6 readings of the account"},
		{record{Kind: recordSent}, ""},
	} {
		if got := momentOf(c.r).Said; got != c.want {
			t.Errorf("%s: %q, want %q", c.r.Kind, got, c.want)
		}
	}
}

func TestOperationsAreThoseOfOneAccount(t *testing.T) {
	t.Parallel()
	ops := told(t, slices.Concat(rent("a", "1", "aaaaaaaaaaaa", begun), rent("b", "2", "bbbbbbbbbbbb", begun), rent("c", "", "cccccccccccc", begun))...)
	for account, want := range map[string]string{"1": "a c", "2": "b c", "3": "c", "": "a b c"} {
		var got []string
		for _, op := range ops.For(account) {
			got = append(got, op.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("account %q has %v, want %s", account, got, want)
		}
	}
}

func TestRecentOperationsComeNewestFirstWithTheirEffect(t *testing.T) {
	t.Parallel()
	at := begun.Add(time.Hour)
	ops := told(t, slices.Concat(
		rent("old", "1", "aaaaaaaaaaaa", begun), []record{{Kind: recordConfirmed, Time: begun.Add(time.Minute), Op: "old", Contract: 5}},
		rent("other", "2", "bbbbbbbbbbbb", begun),
		rent("no", "1", "cccccccccccc", begun.Add(time.Minute)), []record{{Kind: recordRejected, Time: at.Add(time.Minute), Op: "no"}},
		rent("open", "1", "dddddddddddd", at),
		[]record{
			{Kind: recordIntent, Time: at.Add(time.Hour), Op: "gone", Account: "1", Verb: "destroy", Instance: 5},
			{Kind: recordConfirmed, Time: at.Add(time.Hour), Op: "gone"},
			{Kind: recordIntent, Time: at.Add(2 * time.Hour), Op: "foreign", Account: "1", Verb: "destroy", Instance: 6},
			{Kind: recordConfirmed, Time: at.Add(2 * time.Hour), Op: "foreign"},
		})...)
	var got []string
	for _, p := range ops.Recent("1") {
		got = append(got, fmt.Sprintf("%s %v %d", p.Op.ID, p.Effect, len(p.Moments)))
	}
	want := []string{"foreign NaN 2", "gone -0.4 2", "no NaN 3", "open 0.4 2", "old 0.4 3"}
	if !slices.Equal(got, want) {
		t.Errorf("they are %q, want %q", got, want)
	}
}

func TestEffectOfAnotherBidIsTheDifferenceItMakes(t *testing.T) {
	t.Parallel()
	figure := func(r vastapi.Rate) *vastapi.Rate { return &r }
	for name, c := range map[string]struct {
		most, change *vastapi.Rate
		end          string
		want         vastapi.Rate
	}{
		"raised":                    {figure(0.1), figure(0.1), recordConfirmed, 0.1},
		"raised, not told by how":   {figure(0.1), nil, recordConfirmed, 0.1},
		"lowered":                   {figure(0), figure(-0.25), recordConfirmed, -0.25},
		"lowered, not told by how":  {figure(0), nil, recordConfirmed, vastapi.Unknown[vastapi.Rate]()},
		"of one that stays stopped": {figure(0), figure(0), recordConfirmed, vastapi.Unknown[vastapi.Rate]()},
		"lowered, no answer yet":    {figure(0), figure(-0.25), recordUnknown, vastapi.Unknown[vastapi.Rate]()},
		"raised, no answer yet":     {figure(0.1), figure(0.1), recordUnknown, 0.1},
		"refused":                   {figure(0.1), figure(0.1), recordRejected, vastapi.Unknown[vastapi.Rate]()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ops := told(t,
				record{Kind: recordIntent, Time: begun, Op: "b", Account: "1", Verb: "bid", Instance: 5, Bid: figure(0.3), MaxRate: c.most, Change: c.change},
				record{Kind: c.end, Time: begun.Add(time.Second), Op: "b"})
			got := ops.Recent("1")[0].Effect
			if got != c.want && (vastapi.Known(got) || vastapi.Known(c.want)) {
				t.Errorf("it is %v, want %v", got, c.want)
			}
		})
	}
}

func TestFileIsSettledWhenNoneOfItsOperationsIsOpenAnywhere(t *testing.T) {
	t.Parallel()
	encoded := func(list ...record) (lines [][]byte) {
		for _, r := range list {
			line, err := r.encode()
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line)
		}
		return lines
	}
	a, b := rent("a", "1", "aaaaaaaaaaaa", begun), rent("b", "1", "bbbbbbbbbbbb", begun)
	claimed := record{Kind: recordPlan, Time: begun, Plan: "p", Run: "r"}
	ops := told(t, slices.Concat(a, b, []record{{Kind: recordAbsent, Time: begun.Add(time.Hour), Op: "a"}})...)
	for name, c := range map[string]struct {
		lines [][]byte
		want  bool
	}{
		"settled in another file": {encoded(append(a, claimed)...), true},
		"open":                    {encoded(b...), false},
		"both":                    {encoded(append(a, b...)...), false},
		"nothing":                 {nil, true},
		"not known":               {encoded(rent("x", "1", "xxxxxxxxxxxx", begun)...), false},
		"not understood":          {[][]byte{[]byte("{}")}, false},
	} {
		if got := ops.Settled(c.lines); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if got := OperationOf(encoded(a[0])[0]); got != "a" {
		t.Errorf("the line is about %q", got)
	}
	for _, line := range []string{"", "{}", string(encoded(claimed)[0])} {
		if got := OperationOf([]byte(line)); got != "" {
			t.Errorf("%s is about %q", line, got)
		}
	}
}

func TestStraysSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	var list []record
	add := func(op, token string, more ...record) {
		list = append(list, rent(op, "1", token, begun)...)
		list = append(list, more...)
	}
	at := begun.Add(time.Minute)
	add("fine", "aaaaaaaaaaaa", record{Kind: recordConfirmed, Time: at, Op: "fine", Contract: 1})
	add("late", "bbbbbbbbbbbb", record{Kind: recordAbsent, Time: at, Op: "late"})
	add("open", "cccccccccccc")
	add("refused", "dddddddddddd", record{Kind: recordRejected, Time: at, Op: "refused", Status: 410})
	ops := told(t, list...)
	instance := func(id vastapi.InstanceID, token string) vastapi.Instance {
		return vastapi.Instance{ID: id, Label: safetext.New(Label("x", token))}
	}
	instances := []vastapi.Instance{
		instance(1, "aaaaaaaaaaaa"), instance(2, "aaaaaaaaaaaa"), instance(3, "bbbbbbbbbbbb"), instance(4, "cccccccccccc"),
		instance(5, "dddddddddddd"), instance(6, "eeeeeeeeeeee"), {ID: 7, Label: safetext.New("by hand")},
	}
	want := map[vastapi.InstanceID]string{2: "one too many", 3: "came late", 5: "refused", 6: "does not know"}
	strays := Strays(instances, ops)
	if len(strays) != len(want) || len(Orphans(instances, ops)) != len(want) {
		t.Fatalf("strays are %+v", strays)
	}
	for _, s := range strays {
		if !strings.Contains(s.Why(), want[s.Instance]) || want[s.Instance] == "" {
			t.Errorf("instance %d: %s", s.Instance, s.Why())
		}
	}
}

func TestStepOfAnOperationCanBeWrittenDown(t *testing.T) {
	t.Parallel()
	ops := told(t, append(rent("a", "1", "aaaaaaaaaaaa", begun),
		record{Kind: recordIntent, Time: begun, Plan: "p", Op: "d", Verb: "destroy", Instance: 5},
		record{Kind: recordIntent, Time: begun, Plan: "p", Op: "x", Verb: "juggle", Instance: 5})...)
	for n, want := range []string{"vastai create instance 77 --image pytorch --disk 32 --label train", "vastai destroy instance 5", ""} {
		s, ok := ops.All()[n].Step()
		if ok != (want != "") || ok && !strings.HasPrefix(s.Official(), want) {
			t.Errorf("%q (%t), want %q", s.Official(), ok, want)
		}
	}
}

func TestOpenOperationSaysWhenItIsLookedForAgain(t *testing.T) {
	t.Parallel()
	list := append(rent("a", "1", "aaaaaaaaaaaa", begun), record{Kind: recordUnknown, Time: begun.Add(10 * time.Second), Op: "a"})
	op := told(t, list...).All()[0]
	for _, c := range []struct{ after, next, believed time.Duration }{
		{0, 2 * time.Second, 180 * time.Second},
		{12 * time.Second, 8 * time.Second, 168 * time.Second},
		{50 * time.Second, 30 * time.Second, 130 * time.Second},
		{time.Hour, 40 * time.Second, 0},
	} {
		next, believed := op.Search(begun.Add(10*time.Second+c.after), DefaultPolicy())
		if next != c.next || believed != c.believed {
			t.Errorf("after %s: again in %s, believed in %s; want %s, %s", c.after, next, believed, c.next, c.believed)
		}
	}
	if next, believed := op.Search(begun, Policy{}); next != 0 || believed < 0 {
		t.Errorf("without a pace: %s, %s", next, believed)
	}
}
