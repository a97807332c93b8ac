package instances

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// inState is an instance that stands as the words say.
func inState(actual, intended, cur, next string) vastapi.Instance {
	i := running(18820341, "worker-a vx-abcdefghijkl")
	i.Actual, i.Intended, i.Cur, i.Next = safetext.New(actual), safetext.New(intended), safetext.New(cur), safetext.New(next)
	return i
}

// reachableOne runs, and ssh leads to it.
func reachableOne() vastapi.Instance {
	i := running(18820341, "worker-a vx-abcdefghijkl")
	i.RunType, i.SSHHost, i.SSHPort = safetext.New("ssh ssh_direc ssh_proxy"), safetext.New("ssh4.vast.ai"), 41022
	i.PublicIP, i.Ports = safetext.New("52.0.2.17"), []vastapi.PortMap{{Container: "22/tcp", Host: 33022}}
	return i
}

// standing are instances by how they stand.
func standing() map[string]vastapi.Instance {
	bidding := inState("running", "running", "running", "running")
	bidding.Bid, bidding.DphBase, bidding.MinBid = true, 0.3, 0.2
	outbid := inState("exited", "stopped", "stopped", "stopped")
	outbid.Bid, outbid.DphBase, outbid.MinBid = true, 0.3, 0.45
	ended := inState("exited", "stopped", "stopped", "stopped")
	ended.End = noon.Add(-time.Hour)
	return map[string]vastapi.Instance{
		"running": reachableOne(), "loading": inState("loading", "running", "running", "running"),
		"stopped": inState("exited", "stopped", "stopped", "stopped"), "scheduling": inState("exited", "running", "stopped", "running"),
		"exited": inState("exited", "running", "running", "running"), "offline": inState("offline", "running", "running", "running"),
		"destroying": inState("running", "running", "running", "unloaded"), "bidding": bidding, "outbid": outbid, "ended": ended,
	}
}

func TestEveryKeyPlansOrSaysWhyNotInEveryState(t *testing.T) {
	t.Parallel()
	const (
		dying     = "it is being destroyed already"
		onDemand  = "it is rented on demand: its price is no bid"
		noPay     = "it is interruptible, which cannot be reserved: rent on demand for that"
		stoppedIt = "It is not running. Start it first."
		comesUp   = "It is not running yet. Wait until it runs."
		fine      = "nothing is wrong with it, as far as that is known"
	)
	no := func(word, verb string) string { return "it is " + word + ", so there is nothing to " + verb }
	for state, want := range map[string]map[string]string{
		// A verb is what the plan does, "form" a form, "tell" and "goto" another view; else the reason.
		"running":    {"S": "stop", "B": "reboot", "R": "recycle", "D": "destroy", "n": "form rename", "u": "form update", "$": "form prepay", "b": onDemand, "s": "tell", "f": "tell", "p": "tell", "a": "tell", "d": "tell", "l": "goto", "e": "goto", "w": fine},
		"loading":    {"S": "stop", "B": no("LOADING", "reboot"), "R": "recycle", "D": "destroy", "u": "form update", "$": "form prepay", "s": comesUp, "f": comesUp, "p": comesUp},
		"stopped":    {"S": "start", "B": no("STOPPED", "reboot"), "R": no("STOPPED", "recycle"), "D": "destroy", "u": "form update", "$": "form prepay", "s": stoppedIt, "l": "goto", "e": "goto"},
		"scheduling": {"S": "stop", "B": no("SCHEDULING", "reboot"), "R": no("SCHEDULING", "recycle"), "D": "destroy", "s": stoppedIt},
		"exited":     {"S": "stop", "B": "reboot", "R": "recycle", "D": "destroy", "s": stoppedIt},
		"offline":    {"B": no("OFFLINE", "reboot"), "R": no("OFFLINE", "recycle"), "D": "destroy"},
		"destroying": {"S": dying, "B": dying, "R": dying, "D": dying, "n": dying, "u": dying, "$": dying, "b": dying, "a": dying, "l": "goto", "d": "tell"},
		"bidding":    {"S": "stop", "b": "tell", "$": noPay},
		"outbid":     {"S": "start", "b": "tell", "$": noPay},
		"ended":      {"S": "the contract of instance 18820341 has ended, so it cannot be started: copy its data, then destroy it", "$": "its contract has ended, so it cannot be reserved", "D": "destroy"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			for key, what := range want {
				s := newStage(t).load(standing()[state])
				s.data.Templates.Apply(feed.TemplateList{}, s.now, nil)
				if got := deed(s, key); got != what {
					t.Errorf("%s: %q, want %q", key, got, what)
				}
			}
		})
	}
}

// deed is what a key comes to, in a word or two.
func deed(s *stage, key string) string {
	if why := s.reason(key); why != "" {
		return why
	}
	e := s.press(key)
	if len(e.Intents) != 1 {
		return "nothing"
	}
	switch in := e.Intents[0].(type) {
	case view.Confirm:
		return in.Plan.Verb
	case view.Ask:
		return "form " + in.Form.ID
	case view.Tell:
		return "tell"
	case view.Goto:
		return "goto"
	case view.Toast:
		return in.Text
	}
	return "something else"
}

func TestNothingThatChangesAnythingIsDoneWithoutConsent(t *testing.T) {
	t.Parallel()
	for state, i := range standing() {
		s := newStage(t).load(i)
		for _, a := range s.m.Actions(s.env()) {
			s := newStage(t).load(i)
			s.data.Increases.Apply(vastapi.PriceIncreases{List: []vastapi.PriceIncrease{{ID: 1, Instance: i.ID, NewGPU: 1}}}, s.now, nil)
			for _, in := range s.press(a.Key.Keys()[0]).Intents {
				if c, ok := in.(view.Confirm); ok && c.Plan.Consent.Kind == rental.ConsentNone {
					t.Errorf("%s: %s does %q at once", state, a.Key.Help().Key, c.Plan.Title)
				}
			}
			for _, a := range s.m.Actions(s.env()) { // of a page that is open now
				if a.Disabled != "" || a.Do == nil {
					continue
				}
				for _, in := range a.Do().Intents {
					if c, ok := in.(view.Confirm); ok && c.Plan.Consent.Kind == rental.ConsentNone {
						t.Errorf("%s: %s on a page does %q at once", state, a.Key.Help().Key, c.Plan.Title)
					}
				}
			}
		}
	}
}

func TestReadOnlyRunChangesNothing(t *testing.T) {
	t.Parallel()
	const readOnly = "this run is read-only: start without --read-only to change anything"
	s := newStage(t).load(reachableOne())
	s.locked = true
	for _, key := range []string{"S", "B", "R", "D", "n", "u", "$", "a"} {
		if got := s.reason(key); got != readOnly {
			t.Errorf("%s: %q", key, got)
		}
	}
	for _, key := range []string{"s", "f", "p", "l", "e", "d", "J", "y", "r"} {
		if got := s.reason(key); got != "" {
			t.Errorf("%s only looks, and says %q", key, got)
		}
	}
}

func TestSeveralAreActedOnTogetherWhereThatMakesSense(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.press("*")
	for key, want := range map[string]string{"S": "18820341 18820377", "B": "18820341 18820377", "R": "18820341 18820377", "D": "18820341 18820377 18821102"} {
		if got := targetIDs(plan(t, s.press(key)).Plan); got != want {
			t.Errorf("%s is about %s, want %s", key, got, want)
		}
	}
	if got := s.label("S"); got != "stop 2 of 3…" {
		t.Errorf("S says %q", got)
	}
	for _, key := range []string{"s", "f", "p", "u", "$", "b", "J", "d", "w", "r"} {
		if got := s.reason(key); got != oneOnly {
			t.Errorf("%s: %q", key, got)
		}
	}
	ids := []vastapi.InstanceID{18820341, 18820377, 18821102}
	for key, want := range map[string]func(view.Intent) []vastapi.InstanceID{
		"a": func(in view.Intent) []vastapi.InstanceID { return in.(view.Tell).What.(view.AttachKey).Instances },
		"l": func(in view.Intent) []vastapi.InstanceID { return in.(view.Goto).Focus.(view.ShowLogs).Instances },
		"e": func(in view.Intent) []vastapi.InstanceID { return in.(view.Goto).Focus.(view.RunCommand).Instances },
	} {
		if got := want(s.press(key).Intents[0]); !slices.Equal(got, ids) {
			t.Errorf("%s is about %v", key, got)
		}
	}
	none := newStage(t).load(stopped(1, "a"), stopped(2, "b"))
	none.press("*")
	if got := none.reason("B"); got != "none of them runs, so there is nothing to reboot" {
		t.Errorf("B on stopped ones: %q", got)
	}
	if p := plan(t, none.press("S")).Plan; p.Verb != "start" || targetIDs(p) != "1 2" {
		t.Errorf("S on stopped ones plans to %s %s", p.Verb, targetIDs(p))
	}
}

func TestOpenSessionsAreNamedInPlansThatEndThem(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(some()...)
	s.opened = map[vastapi.InstanceID]rental.Opened{18820341: {Sessions: 1, Tunnels: 2}}
	for _, key := range []string{"D", "S", "B", "R"} {
		p := plan(t, s.press(key)).Plan
		if !slices.ContainsFunc(p.Warnings, func(w rental.Warning) bool {
			return strings.Contains(w.Text, `"worker-a" from here`) && strings.Contains(w.Text, "1 ssh session, 2 tunnels")
		}) {
			t.Errorf("%s warns of %+v", key, p.Warnings)
		}
	}
	s.size = view.Size{W: 200, H: 90}
	s.press("enter")
	s.has("1 ssh session, 2 tunnels from here")
}

func TestTheLetterBeforeALineOfTheMenuChoosesIt(t *testing.T) {
	t.Parallel()
	i := standing()["scheduling"]
	s := newStage(t).load(i)
	trouble(s, i, rental.Problems(&i, s.now, rental.Background{}))
	s.press("w")
	if e := s.press("D"); len(e.Intents) == 0 || s.m.page != nil {
		t.Errorf("D leads to %+v", e.Intents)
	}
	inc := asked(7, i.ID)
	s.increases(inc)
	trouble(s, i, rental.Problems(&i, s.now, rental.Background{Increases: []vastapi.PriceIncrease{inc}}))
	s.press("w")
	s.has("I Accept", "I Reject")
	if e := s.press("I"); len(e.Intents) != 0 || s.m.page == nil {
		t.Errorf("a letter before two lines leads to %+v", e.Intents)
	}
}

func TestWaitingForAGPUSaysHowToStopAndWhatElseThereIs(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(standing()["scheduling"])
	if got := s.label("S"); got != "stop waiting…" {
		t.Errorf("S says %q", got)
	}
	s.size = view.Size{W: 200, H: 90}
	s.press("enter")
	s.has("ways out", "wait: it starts by itself", "r: rent the same again", "D: destroy it", "S: stop waiting")
	// Once it has waited for a while it is a problem, and the menu does each of these.
	i := standing()["scheduling"]
	trouble(s, i, rental.Problems(&i, s.now, rental.Background{}))
	s.press("w")
	s.has("What can be done about instance 18820341", "Wait on", "p Copy its data out, by the official client", "r Rent the next best", "S Stop waiting", "D Destroy it")
	for n, want := range []string{"toast", "copy", "goto", "stop", "destroy"} {
		s := newStage(t).load(i)
		trouble(s, i, rental.Problems(&i, s.now, rental.Background{}))
		s.press("w")
		for range n {
			s.press("down")
		}
		e := s.press("enter")
		if len(e.Intents) == 0 {
			t.Fatalf("line %d wants nothing", n)
		}
		got := "?"
		switch in := e.Intents[0].(type) {
		case view.Toast:
			got = "toast"
		case view.Copy:
			got = "copy"
			if in.Text != "vastai copy C.18820341:/workspace/ local:./18820341/" {
				t.Errorf("it copies %q", in.Text)
			}
		case view.Goto:
			got = "goto"
		case view.Confirm:
			got = in.Plan.Verb
		}
		if got != want || s.m.page != nil {
			t.Errorf("line %d wants %s, want %s; the menu is closed: %t", n, got, want, s.m.page == nil)
		}
	}
}

// trouble makes the polls have shown what is wrong with an instance.
func trouble(s *stage, i vastapi.Instance, list []rental.Problem) {
	s.load(i)
	s.data.Traces = map[vastapi.InstanceID]feed.Trace{i.ID: {Problems: list, ReadAt: s.now}}
	s.m.Update(s.env(), command.JournalRead{})
}

func TestEachThingThatHelpsIsDone(t *testing.T) {
	t.Parallel()
	i := reachableOne()
	i.Bid, i.DphBase, i.MinBid, i.HostID = true, 0.3, 0.45, 31
	var actions []rental.Action
	for kind := range helpWords {
		actions = append(actions, rental.Action{Kind: kind, Text: string(kind)})
	}
	slices.SortFunc(actions, func(a, b rental.Action) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	for n, a := range actions {
		s := newStage(t).load(i)
		s.data.Increases.Apply(vastapi.PriceIncreases{List: []vastapi.PriceIncrease{{ID: 1, Instance: i.ID, OldGPU: 0.3, NewGPU: 0.5}}}, s.now, nil)
		trouble(s, i, []rental.Problem{{Kind: rental.ProblemIdle, Level: rental.Caution, Instance: i.ID, Evidence: "It idles.", Actions: actions}})
		s.press("w")
		for range n {
			s.press("down")
		}
		e := s.press("enter")
		if a.Kind == rental.ActStart {
			if toast, ok := e.Intents[0].(view.Toast); !ok || toast.Level != view.Warn {
				t.Errorf("starting what runs wants %+v", e.Intents)
			}
			continue
		}
		want := map[rental.ActionKind]string{
			rental.ActWait: "view.Toast", rental.ActRentNext: "view.Goto", rental.ActDestroy: "destroy", rental.ActBlock: "block-instance", rental.ActLog: "view.Goto",
			rental.ActBid: "view.Tell", rental.ActStop: "stop", rental.ActReboot: "reboot", rental.ActRecycle: "recycle", rental.ActCopyOut: "view.Tell", rental.ActRun: "view.Goto",
			rental.ActAccept: "accept", rental.ActReject: "reject",
		}[a.Kind]
		if got := kindOf(e); got != want {
			t.Errorf("%s wants %s, want %s", a.Kind, got, want)
		}
	}
	s := newStage(t).load(i)
	trouble(s, i, []rental.Problem{{Kind: rental.ProblemIdle, Instance: i.ID, Actions: []rental.Action{{Kind: rental.ActDestroy, Text: "Destroy it"}}}})
	s.locked = true
	s.press("w")
	if e := s.press("enter"); len(e.Intents) != 0 {
		t.Errorf("a read-only run wants %+v", e.Intents)
	}
	s.has("this run is read-only")
}

// kindOf is what an effect begins with: a plan's verb, a form's name or the wish.
func kindOf(e view.Effect) string {
	if len(e.Intents) == 0 {
		return "nothing"
	}
	switch in := e.Intents[0].(type) {
	case view.Confirm:
		return in.Plan.Verb
	case view.Ask:
		return in.Form.ID
	case view.Toast:
		return "view.Toast"
	case view.Goto:
		return "view.Goto"
	case view.Tell:
		return "view.Tell"
	case view.Copy:
		return "view.Copy"
	}
	return "?"
}

func TestProblemsNameTheKeysThatHelp(t *testing.T) {
	t.Parallel()
	for kind, key := range actionKeys {
		if helpWords[kind] == "" {
			t.Errorf("%s has the key %s and no words", kind, key)
		}
		s := newStage(t).load(reachableOne())
		if s.reason(key) == "no such key" {
			t.Errorf("%s names the key %s, which there is not", kind, key)
		}
	}
	i := running(5, "x")
	i.DiskUsed = 79
	s := newStage(t)
	s.size = view.Size{W: 200, H: 90}
	trouble(s, i, rental.Problems(&i, s.now, rental.Background{}))
	s.press("enter")
	s.has("low disk", "e see what takes the room")
	s.press("w")
	on, ok := s.press("enter").Intents[0].(view.Goto)
	if run, is := on.Focus.(view.RunCommand); !ok || !is || run.Command != "du -s /workspace" || !slices.Equal(run.Instances, []vastapi.InstanceID{5}) {
		t.Errorf("what takes the room is looked for by %+v", on)
	}
}

func TestRawWordsOfTheServerAreShownOrWhyNot(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(reachableOne())
	s.press("J")
	s.has("there is no account to ask yet")
	if got := s.reason("y"); got != "there is nothing to copy yet" {
		t.Errorf("y: %q", got)
	}
	lines := safetext.NewLines(10, 1000)
	lines.Add("{\n  \"id\": 18820341\n}\n")
	s.m.Update(s.env(), command.InstanceRawRead{Instance: 4, Lines: safetext.NewLines(1, 1)})
	s.has("there is no account to ask yet") // what is about another one changes nothing
	s.m.Update(s.env(), command.InstanceRawRead{Instance: 18820341, Lines: lines})
	s.has("as the server gives it now", `"id": 18820341`)
	if c := s.press("y").Intents[0].(view.Copy); c.Text != "{\n  \"id\": 18820341\n}" || c.Shown != "3 lines" {
		t.Errorf("it copies %+v", c)
	}
	s.press("esc")
	s.lacks("as the server gives it now")
	s.press("J")
	s.m.Update(s.env(), command.InstanceRawRead{Answer: command.Answer{Err: errBroken}, Instance: 18820341})
	s.has(errBroken.Error())
}

func TestCopyMenuMasksTokensOnTheScreenAlone(t *testing.T) {
	t.Parallel()
	i := reachableOne()
	i.RunType, i.Jupyter = safetext.New("jupyter_direc ssh_direc ssh_proxy"), vastapi.NewSecret("t0k3n")
	i.Ports = append(i.Ports, vastapi.PortMap{Container: "8080/tcp", Host: 30080}, vastapi.PortMap{Container: "6006/tcp", Host: 36006})
	s := newStage(t).load(i)
	s.press("y")
	want := []string{
		"ssh -p 33022 root@52.0.2.17", "ssh -p 41023 root@ssh4.vast.ai", "scp -P 33022 FILE root@52.0.2.17:/workspace/",
		"https://52.0.2.17:30080/?token=t0k3n", "http://52.0.2.17:36006/", "18820341", "worker-a", "52.0.2.17", "18820441",
	}
	s.has("Copy of instance 18820341", "ssh, direct", "https://52.0.2.17:30080/?token=…")
	s.lacks("t0k3n")
	for n, text := range want {
		s := newStage(t).load(i)
		s.press("y")
		for range n {
			s.press("down")
		}
		c, ok := s.press("enter").Intents[0].(view.Copy)
		if !ok || c.Text != text || strings.Contains(c.Shown, "t0k3n") || strings.Contains(c.What, "t0k3n") {
			t.Errorf("line %d copies %+v, want %q", n, c, text)
		}
	}
	s.press("esc")
	s.lacks("Copy of instance")
	bare := newStage(t).load(running(5, ""))
	bare.press("y")
	bare.has("it has no port of its own for ssh, or no address yet")
	for range 9 {
		bare.press("down")
	}
	if got := bare.reason("enter"); got == "" {
		t.Errorf("what is not told: %q", got)
	}
}
