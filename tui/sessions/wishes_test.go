package sessions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

func TestConnectSaysWhichWayIsTriedAndHandsTheTerminalOver(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	e := s.tell(view.Connect{Instance: 1})
	toast(t, e, "train (1)", "trying direct 93.184.216.34:41022 …")
	e = s.run(e)
	s.did("choose 1 auto")
	lacksIntent[view.Toast](t, e)
	if e.Cmd == nil {
		t.Error("the terminal is not handed over")
	}
}

func TestDetourThroughTheProxyIsToldWithItsReason(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.ssh.chosen = remote.Chosen{Endpoint: remote.Endpoint{Way: remote.Proxy, Host: "ssh6.vast.ai", Port: 12346}, Why: "Directly nothing came back within 2s."}
	e := s.run(s.tell(view.Connect{Instance: 1}))
	toast(t, e, "proxy ssh6.vast.ai:12346", "Directly nothing came back within 2s.")
	if e.Cmd == nil {
		t.Error("the terminal is not handed over")
	}
}

func TestForcedWayIsShownAndTaken(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.open([]remote.Session{session(1)})
	for _, want := range []string{"direct", "proxy"} {
		toast(t, s.press("w"), want)
		if got := s.label("w"); got != "way: "+want {
			t.Errorf("the key says %q", got)
		}
		s.has(want + " only for train (1): w changes it")
	}
	e := s.press("enter")
	toast(t, e, "connecting through the proxy ssh6.vast.ai:12346 …")
	s.run(e)
	s.did("choose 1 proxy")
	s.press("w")
	if got := s.label("w"); got != "way: auto" {
		t.Errorf("after all ways the key says %q", got)
	}
	s.run(s.tell(view.Connect{Instance: 1, Way: remote.Direct}))
	s.did("choose 1 proxy", "choose 1 direct")
}

func TestConnectRefusesWhatCannotBeReached(t *testing.T) {
	t.Parallel()
	args := running(3, "batch")
	args.RunType, args.SSHHost, args.Ports = safetext.New("args"), safetext.Text{}, nil
	coming := running(4, "new")
	coming.Actual = safetext.New("loading")
	s := newStage(t).load(stopped(2, "eval"), args, coming)
	for id, want := range map[vastapi.InstanceID]string{
		2: "eval (2): it is stopped: start it with S", 3: "batch (3): its image was started without ssh", 4: "new (4): it does not run yet", 9: "instance 9 is not among those of the account",
	} {
		for _, wish := range []any{view.Connect{Instance: id}, view.ForwardPort{Instance: id}, view.CopyFiles{Instance: id}} {
			e := s.tell(wish)
			toast(t, e, want)
			if e.Cmd != nil || len(e.Intents) != 1 {
				t.Errorf("%T of %s does something: %+v", wish, id, e)
			}
		}
	}
	s.did()
}

func TestConnectThatWasGivenUpOpensNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	e := s.tell(view.Connect{Instance: 1})
	toast(t, s.press("esc"), "given up")
	late := s.tell(command.WayChosen{Instance: running(1, "train"), Endpoint: s.ssh.chosen.Endpoint})
	if late.Cmd != nil || len(late.Intents) > 0 {
		t.Errorf("its answer opens %+v", late)
	}
	_ = e
}

func TestShellDoesNotOpenWhereSomethingElseIsGoingOn(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(*stage){
		"":                func(*stage) {},
		"a question":      func(s *stage) { s.typing = true },
		"another view":    func(s *stage) { s.shown = view.Market },
		"and back again":  func(s *stage) { s.shown = view.Market; s.shown = view.Instances },
		"a text is typed": func(s *stage) { s.typing = true },
	} {
		s := newStage(t).load(running(1, "train"))
		s.shown = view.Instances
		s.tell(view.Connect{Instance: 1})
		meanwhile(s)
		e := s.tell(command.WayChosen{Instance: running(1, "train"), Endpoint: s.ssh.chosen.Endpoint})
		opens := name == "" || name == "and back again"
		if (e.Cmd != nil) != opens {
			t.Errorf("%q: a shell opens: %v", name, e.Cmd != nil)
		}
		if !opens {
			toast(t, e, "train (1) answers (direct)", "s opens the shell")
		}
	}
}

func TestChangedHostKeyIsAnAlarmWhateverSSHSaysOfIt(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.tell(command.ShellEnded{Instance: 1, Code: 255, Failure: &remote.Failure{Kind: remote.FailHostKey, Sentence: "In other words than ever."}})
	s.has("THE HOST KEY HAS CHANGED")
}

func TestAnswersOfAnotherAccountDoNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t) // as after logging out: an empty snapshot and a new view
	for _, msg := range []any{
		command.WayChosen{Instance: running(1, "train"), Endpoint: s.ssh.chosen.Endpoint},
		command.CopySized{Instance: running(1, "train"), Job: remote.CopyJob{Instance: 1}},
		command.Examined{Instance: 1}, command.ExamineEnded{Instance: 1}, command.PublicKeyRead{Form: "another"}, command.KeyGenerated{Form: "another"},
		command.PortFound{Form: "another"},
	} {
		if e := s.tell(msg); e.Cmd != nil || len(e.Intents) > 0 {
			t.Errorf("%T does %+v", msg, e)
		}
	}
	for _, wish := range []any{view.Connect{Instance: 1}, view.ForwardPort{Instance: 1}, view.CopyFiles{Instance: 1}, view.AttachKey{}, view.Examine{Instance: 1}} {
		e := s.tell(wish)
		lacksIntent[view.Ask](t, e)
		lacksIntent[view.Confirm](t, e)
	}
	s.did()
}

func TestEndOfAShellIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	for _, c := range []struct {
		msg  command.ShellEnded
		want []string
		note bool
	}{
		{command.ShellEnded{Instance: 1}, []string{"the shell in train (1) has ended; the connection stays open"}, false},
		{command.ShellEnded{Instance: 1, Alone: true}, []string{"has ended, and with it its connection"}, false},
		{command.ShellEnded{Instance: 1, Code: 3}, []string{"ended with status 3", "its last command"}, false},
		{command.ShellEnded{Instance: 1, Window: true}, []string{"window of tmux"}, false},
		{command.ShellEnded{Instance: 1, Code: 255, Failure: &remote.Failure{Sentence: "It takes none of the keys of this machine.", Next: "Attach one."}}, []string{"none of the keys of this machine. Press 6 and d"}, true},
		{command.ShellEnded{Instance: 1, Answer: command.Answer{Err: errors.New("ssh is not installed: install openssh-client")}}, []string{"ssh is not installed", "Press 6 and d"}, true},
	} {
		e := s.tell(c.msg)
		toast(t, e, c.want...)
		if c.note {
			if ev := wants[view.Note](t, e).Event; ev.Instance != 1 || ev.Level != feed.EventBad || ev.Kind != "ssh" {
				t.Errorf("it is noted as %+v", ev)
			}
		} else {
			lacksIntent[view.Note](t, e)
		}
	}
}

func TestDoctorIsAboutTheInstanceWhereAShellFailed(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"), running(2, "eval"))
	s.open([]remote.Session{session(2)})
	s.tell(command.ShellEnded{Instance: 1, Code: 255, Failure: &remote.Failure{Sentence: "It does not answer."}})
	s.press("d")
	s.has("ssh to train (1), step by step")
	s.press("esc")
	s.press("d")
	s.has("ssh to eval (2), step by step")
}

func TestChangedHostKeyIsShownAndNeverAccepted(t *testing.T) {
	t.Parallel()
	s := states["host key alarm"](t)
	s.ssh.did = nil
	for _, key := range []string{"enter", "y", "space", "s"} {
		s.press(key)
	}
	s.did()
	f, v := form(t, s.press("H"), nil)
	for _, words := range []string{"takes whatever host key is shown then", "when you cannot say why the key has changed"} {
		if !strings.Contains(panel(f, v), words) {
			t.Errorf("%q is not explained:\n%s", words, panel(f, v))
		}
	}
	if e := f.Submit(s.env(), v); e.Cmd != nil {
		t.Error("enter alone forgets it")
	}
	s.did()
	v["forget"] = "yes"
	s.ssh.err = nil
	e := s.run(f.Submit(s.env(), v))
	s.did("forget 1")
	toast(t, e, "is forgotten")
	s.lacks("THE HOST KEY HAS CHANGED")
}

func TestAlarmIsShownWhateverViewIsOpen(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.ssh.err = &remote.Failure{Kind: remote.FailHostKey, Sentence: "Its host key is another one than before."}
	e := s.run(s.tell(view.Connect{Instance: 1}))
	if wants[view.Goto](t, e).View != view.Sessions {
		t.Errorf("it wants %+v", e.Intents)
	}
	if n := wants[view.Note](t, e).Event; n.Level != feed.EventBad {
		t.Errorf("it is noted as %+v", n)
	}
}

func TestForwardFormOffersThePortsOfTheInstance(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	e := s.tell(view.ForwardPort{Instance: 1})
	f, v := form(t, e, nil)
	if v["port"] != "6006" || v["local"] != "6006" || v["bind"] != "127.0.0.1" || v["host"] != "localhost" || v["keep"] != "" {
		t.Errorf("it begins with %v", v)
	}
	options := f.Fields[0].Options
	if options[0].Label != "6006 (TensorBoard)" || options[1].Label != "8888 (Jupyter)" {
		t.Errorf("it offers %+v", options[:2])
	}
	if slices.ContainsFunc(options, func(o view.Option) bool { return o.Value == "22" || o.Value == "53" }) {
		t.Error("ssh's own port or one for UDP is offered")
	}
	v["port"] = "8888"
	if got := f.React("port", v)["local"]; got != "8888" {
		t.Errorf("the port here becomes %q", got)
	}
	v["local"], v["port"] = "9999", "7860"
	if got := f.React("port", v); got != nil {
		t.Errorf("a port that was typed is replaced: %v", got)
	}
}

func TestForwardIsOpenedRememberedAndTold(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train vx-abcdefghijkl"))
	f, v := form(t, s.tell(view.ForwardPort{Instance: 1}), view.Values{"port": "8888", "local": "8888"})
	if errs := faults(f, v); len(errs) > 0 {
		t.Fatal(errs)
	}
	e := s.run(f.Submit(s.env(), v))
	s.did("open 127.0.0.1:8888 localhost:8888 train")
	if wants[view.FormDone](t, e).Form != f.ID {
		t.Errorf("it wants %+v", e.Intents)
	}
	toast(t, e, "opening the tunnel from 127.0.0.1:8888")
	s.grant(e)
	if len(s.data.Memory.Tunnels) != 1 || s.data.Memory.Tunnels[0].Name != "train" {
		t.Errorf("remembered is %+v", s.data.Memory.Tunnels)
	}
	toast(t, s.open(nil, tunnelTo(1, "train", 8888, remote.TunnelUp)), "is up: http://127.0.0.1:8888")
	e = s.open(nil, tunnelTo(1, "train", 8888, remote.TunnelUp))
	lacksIntent[view.Toast](t, e)
	s.lacks("saved tunnel")
}

func TestPortInUseIsReplacedByAFreeOne(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	e := s.tell(view.ForwardPort{Instance: 1})
	found := s.run(e) // the search for a free port
	if got := wants[view.Fill](t, found); got.Form != "forward a port" || got.Values["local"] != "6007" {
		t.Errorf("it fills in %+v", got)
	}
	f, v := form(t, e, nil)
	s.ssh.err = &remote.PortInUse{Bind: "127.0.0.1", Port: 6006, Free: 6010}
	taken := s.run(f.Submit(s.env(), v))
	if got := wants[view.Fill](t, taken); got.Values["local"] != "6010" {
		t.Errorf("it fills in %+v", got)
	}
	if got := wants[view.FormFailed](t, taken); !strings.Contains(got.Text, "6006 of this machine is in use: 6010 is free") {
		t.Errorf("it says %q", got.Text)
	}
}

func TestForwardFormNamesItsMistakes(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	f, _ := form(t, s.tell(view.ForwardPort{Instance: 1}), nil)
	for key, bad := range map[string][]string{"port": {"", "0", "65536", "abc", "-1"}, "local": {"", "80", "99999", "x"}, "host": {"", "-oProxyCommand=x", "a b", "x;y", "../x"}} {
		for _, value := range bad {
			v := view.Values{"port": "8888", "local": "8888", "host": "localhost", "bind": "127.0.0.1"}
			v[key] = value
			if errs := faults(f, v); errs[key] == "" || len(errs) != 1 {
				t.Errorf("%s %q: %v", key, value, errs)
			}
		}
	}
	v := view.Values{"port": "8888", "local": "8888", "host": "10.0.0.7", "bind": "0.0.0.0"}
	if errs := faults(f, v); len(errs) > 0 {
		t.Error(errs)
	}
	if !strings.Contains(panel(f, v), "everybody who can reach this machine") {
		t.Errorf("an open address is not warned of:\n%s", panel(f, v))
	}
}

func TestSavedTunnelIsOpenedAndForgotten(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.remember(tunnelTo(0, "train", 8888, 0).Forward)
	s.open(nil)
	if got := s.label("enter"); got != "open the tunnel" {
		t.Errorf("enter says %q", got)
	}
	s.run(s.press("enter"))
	s.did("open 127.0.0.1:8888 localhost:8888 train")
	if got := s.label("x"); got != "forget the tunnel" {
		t.Errorf("x says %q", got)
	}
	e := s.press("x")
	toast(t, e, "is forgotten")
	s.grant(e)
	s.has("Nothing is open")
}

func TestSavedTunnelWhosePortIsInUseAsksForAnother(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.remember(tunnelTo(0, "train", 8888, 0).Forward)
	s.open(nil)
	s.ssh.err = &remote.PortInUse{Bind: "127.0.0.1", Port: 8888, Free: 8890}
	e := s.run(s.press("enter"))
	_, v := form(t, e, nil)
	if v["local"] != "8890" || v["port"] != "8888" {
		t.Errorf("the form begins with %v", v)
	}
	toast(t, e, "8888 of this machine is in use: 8890 is free")
}

func TestTunnelsTellWhatBecomesOfThem(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	up := tunnelTo(1, "train", 8888, remote.TunnelUp)
	lacksIntent[view.Toast](t, s.open(nil, up))
	broke := up
	broke.State, broke.Why = remote.TunnelWaiting, "It does not answer."
	if ev := wants[view.Note](t, s.open(nil, broke)).Event; ev.Level != feed.EventWarn || !strings.Contains(ev.Text, "It does not answer.") {
		t.Errorf("it is noted as %+v", ev)
	}
	if ev := wants[view.Note](t, s.open(nil, up)).Event; ev.Level != feed.EventGood {
		t.Errorf("it is noted as %+v", ev)
	}
	failed := up
	failed.State, failed.Why = remote.TunnelFailed, "It takes none of the keys"
	toast(t, s.open(nil, failed), "failed: It takes none of the keys.", "Press 6 and d")
	if _, badge := s.m.Title(s.env()); badge != "1!" {
		t.Errorf("the badge is %q", badge)
	}
}

func TestTunnelsThatFailForOneReasonAreToldOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	a, b := tunnelTo(1, "train", 8888, remote.TunnelUp), tunnelTo(1, "train", 6006, remote.TunnelUp)
	s.open(nil, a, b)
	a.State, a.Why = remote.TunnelFailed, "Its host key is another one than before. If it was recycled, forget the old key."
	b.State, b.Why = a.State, a.Why
	e := s.open(nil, a, b)
	toast(t, e, "2 tunnels to train (1) failed: Its host key is another one than before. Press 6 and d")
	if len(e.Intents) != 2 {
		t.Errorf("it wants %+v", e.Intents)
	}
	if ev := wants[view.Note](t, e).Event; !strings.Contains(ev.Text, "forget the old key") {
		t.Errorf("it is noted as %+v", ev)
	}
}

func TestTunnelThatFailedIsOpenedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	a, b := tunnelTo(1, "train", 8888, remote.TunnelFailed), tunnelTo(1, "train", 6006, remote.TunnelUp)
	s.open(nil, a, b)
	if got := s.on("8888").label("enter"); got != "try the tunnel again" {
		t.Errorf("enter does %q", got)
	}
	s.run(s.press("enter"))
	s.did("open 127.0.0.1:8888 localhost:8888 train")
	if got := s.on("6006").label("enter"); got != "open a shell" {
		t.Errorf("enter does %q", got)
	}

	// Forgetting the host key opens what had failed because of it.
	s.run(s.tell(command.HostKeyForgotten{Instance: 1}))
	s.did("open 127.0.0.1:8888 localhost:8888 train", "open 127.0.0.1:8888 localhost:8888 train")
}

func TestClosingAsksOnlyWhereSomethingIsLost(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.open([]remote.Session{session(1)}, tunnelTo(1, "train", 8888, remote.TunnelUp))
	s.copying(under(1, true))
	e := s.on("tunnel").press("x")
	lacksIntent[view.Ask](t, e)
	toast(t, s.run(e), "the tunnel from 127.0.0.1:8888 is closed")
	s.did("end 127.0.0.1:8888")

	f, v := form(t, s.on("connection").press("x"), nil)
	for _, words := range []string{"the shells over it end", "1 tunnel is reconnected", "1 copy is broken off"} {
		if !strings.Contains(panel(f, v), words) {
			t.Errorf("%q is not said:\n%s", words, panel(f, v))
		}
	}
	if e := f.Submit(s.env(), v); e.Cmd != nil {
		t.Error("enter alone closes it")
	}
	v["close"] = "yes"
	toast(t, s.run(f.Submit(s.env(), v)), "the connection to train (1) is closed")
	s.did("end 127.0.0.1:8888", "close 1")

	f, v = form(t, s.on("upload").press("x"), nil)
	if !strings.Contains(panel(f, v), "what has been copied stays") {
		t.Error(panel(f, v))
	}
	if choice := f.Fields[0]; f.Title != "Cancel the upload" || choice.Label != "cancel" || choice.Options[0].Label != "no, go on copying" || choice.Options[1].Label != "yes, cancel it" {
		t.Errorf("a copy is cancelled, not closed: %q, %+v", f.Title, choice)
	}
}

func TestEndedCopyIsClearedFromTheList(t *testing.T) {
	t.Parallel()
	s := states["copies that ended"](t)
	s.on("download").press("x")
	s.lacks("download")
	s.has("upload")
}

func TestMarkedRowsAreClosedTogether(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.open(nil, tunnelTo(1, "train", 8888, remote.TunnelUp), tunnelTo(1, "train", 6006, remote.TunnelUp))
	s.press("*")
	s.run(s.press("x"))
	s.did("end 127.0.0.1:8888", "end 127.0.0.1:6006")
	s.lacks("marked")
}

func TestCopyIsMeasuredThenAskedAboutThenBegun(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.ssh.size = command.CopySize{Bytes: 50_000_000_000, Files: 1200}
	f, v := form(t, s.tell(view.CopyFiles{Instance: 1}), view.Values{"here": "/data/set", "there": "/workspace/data"})
	if !strings.Contains(panel(f, v), "$0.0100 a GB") {
		t.Errorf("the price of traffic is not named:\n%s", panel(f, v))
	}
	e := s.run(f.Submit(s.env(), v))
	s.did("size /data/set /workspace/data")
	agree, w := form(t, e, nil)
	for _, words := range []string{"50.0 GB in 1,200 files", "$0.50", "about 8m", "800 Mbps"} {
		if !strings.Contains(panel(agree, w), words) {
			t.Errorf("%q is not said:\n%s", words, panel(agree, w))
		}
	}
	back := agree.Submit(s.env(), w)
	if back.Cmd != nil {
		t.Error("enter alone copies")
	}
	if _, again := form(t, back, nil); again["here"] != "/data/set" || again["there"] != "/workspace/data" {
		t.Errorf("what was typed is lost: %v", again)
	}
	w["agree"] = "yes"
	if begun := agree.Submit(s.env(), w); begun.Cmd == nil {
		t.Error("nothing is copied")
	}
}

func TestCopyNamesTheLinksThatCannotBeFollowed(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.ssh.size = command.CopySize{Bytes: 5000, Files: 1, Links: remote.Amount{LeftOut: 2, LeftName: "models/latest"}}
	f, v := form(t, s.tell(view.CopyFiles{Instance: 1}), view.Values{"here": "/data/set", "there": "/workspace/data"})
	agree, w := form(t, s.run(f.Submit(s.env(), v)), nil)
	if text := panel(agree, w); !strings.Contains(text, "models/latest") {
		t.Errorf("the link that is left out is not named:\n%s", text)
	}
}

func TestCopyNamesWhatIsUnknown(t *testing.T) {
	t.Parallel()
	i := running(1, "train")
	i.InetDownCost, i.InetDown, i.DiskUsed = vastapi.Unknown[vastapi.PerGB](), vastapi.Unknown[vastapi.Mbps](), vastapi.Unknown[vastapi.GB]()
	s := newStage(t).load(i)
	s.ssh.size = command.CopySize{Bytes: 5000, Files: 1, Partial: true}
	f, v := form(t, s.tell(view.CopyFiles{Instance: 1}), view.Values{"here": "x"})
	agree, w := form(t, s.run(f.Submit(s.env(), v)), nil)
	for _, words := range []string{"what it costs is not known", "how fast its line is", "counting all of it took too long"} {
		if !strings.Contains(panel(agree, w), words) {
			t.Errorf("%q is not said:\n%s", words, panel(agree, w))
		}
	}
	if text := panel(f, v) + panel(agree, w); strings.Contains(text, "NaN") {
		t.Error(text)
	}
}

func TestCopyThatDoesNotFitIsWarnedOf(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.ssh.size = command.CopySize{Bytes: 61_000_000_000, Files: 1}
	f, v := form(t, s.tell(view.CopyFiles{Instance: 1}), view.Values{"here": "x"})
	agree, w := form(t, s.run(f.Submit(s.env(), v)), nil)
	if !strings.Contains(panel(agree, w), "it will not fit") {
		t.Error(panel(agree, w))
	}
}

func TestCopyFormRefusesRootAndNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	f, _ := form(t, s.tell(view.CopyFiles{Instance: 1}), nil)
	for _, there := range []string{"", "/", "//", "/root", "/root/", "~", "~/", ".", "./", "/root/../root", "/workspace/.."} {
		if errs := faults(f, view.Values{"direction": "up", "here": "x", "there": there}); errs["there"] == "" {
			t.Errorf("%q is taken", there)
		}
	}
	for _, there := range []string{"/workspace", "data", "~/data", "/root/data"} {
		if errs := faults(f, view.Values{"direction": "up", "here": "x", "there": there}); len(errs) > 0 {
			t.Errorf("%q: %v", there, errs)
		}
	}
	if errs := faults(f, view.Values{"direction": "down", "here": "x", "there": "/root"}); len(errs) > 0 {
		t.Errorf("/root cannot be copied from: %v", errs)
	}
	if errs := faults(f, view.Values{"direction": "down", "here": " ", "there": "/x"}); errs["here"] == "" {
		t.Error("no path here is taken")
	}
}

func TestTrafficThatCostsNothingIsCalledFreeEverywhere(t *testing.T) {
	t.Parallel()
	i := running(1, "train")
	i.InetDownCost, i.InetUpCost = 0, 0.02
	for _, c := range []struct {
		up          bool
		bytes       int64
		price, cost string
	}{
		{true, 5_000_000_000, "free", "free"}, {false, 5_000_000_000, "$0.0200 a GB, besides the rent", "$0.10"},
		{false, 0, "$0.0200 a GB, besides the rent", "$0.00"}, {false, 1000, "$0.0200 a GB, besides the rent", "under $0.01"},
	} {
		if price, cost := trafficPrice(&i, c.up), trafficText(&i, c.up, c.bytes); price != c.price || cost != c.cost {
			t.Errorf("up %v, %d bytes: %q, %q", c.up, c.bytes, price, cost)
		}
	}
	measured := command.CopySized{Instance: i, Job: remote.CopyJob{Up: true, Local: "/x", Remote: "/y"}, Size: command.CopySize{Bytes: 5, Partial: true}}
	for _, f := range agreeFacts(&i, measured) {
		if f.Label == "traffic" && f.Value != "free" {
			t.Errorf("what is free is free however much it is: %q", f.Value)
		}
	}
}

func TestClosingTheCopyFormGivesTheMeasuringUp(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	f, v := form(t, s.tell(view.CopyFiles{Instance: 1}), view.Values{"here": "x"})
	f.Submit(s.env(), v)
	f.Closed(s.env(), v)
	if e := s.tell(command.CopySized{Instance: running(1, "train")}); len(e.Intents) > 0 {
		t.Errorf("its answer wants %+v", e.Intents)
	}
}

func TestEndOfACopyIsToldAndNoted(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	good := under(1, true)
	good.Ended = noon.Add(time.Minute)
	e := s.tell(command.CopyEnded{Copy: good})
	toast(t, e, "the upload of train.parquet to train (1) is done", "1.0 GB in 1m")
	if ev := wants[view.Note](t, e).Event; ev.Level != feed.EventGood {
		t.Errorf("it is noted as %+v", ev)
	}
	bad := under(1, false)
	bad.Ended, bad.Err = noon, errors.New("the disk is full")
	toast(t, s.tell(command.CopyEnded{Copy: bad}), "the download of train.parquet from train (1)", "the disk is full", "What was copied before stays.")
}

func TestExaminationMendsWhatItFinds(t *testing.T) {
	t.Parallel()
	fixed := func(last remote.Step, fix remote.Fix) *stage {
		s := newStage(t).load(running(1, "train")).keys([]vastapi.SSHKey{accountKey(5, keyThere)}, localKey("/k.pub", keyHere))
		s.ssh.checks = checks(last, fix)
		e := s.tell(view.Examine{Instance: 1})
		if wants[view.Goto](t, e).View != view.Sessions {
			t.Errorf("it wants %+v", e.Intents)
		}
		s.run(e)
		return s
	}
	s := fixed(remote.StepAuth, remote.Fix{Remedy: remote.RemedyAttachKey, Text: "Attach it.", Key: localKey("/k.pub", keyHere)})
	f, v := form(t, s.press("enter"), nil)
	if f.ID != attachForm || v[fKey] != identity(keyHere) || v["into/1"] != view.Yes {
		t.Errorf("it asks %s with %v", f.ID, v)
	}
	s = fixed(remote.StepTCP, remote.Fix{Remedy: remote.RemedyUseProxy, Text: "Go through the proxy."})
	toast(t, s.press("enter"), "through the proxy only")
	if s.m.ways[1] != remote.Proxy {
		t.Error("the proxy is not taken")
	}
	s = fixed(remote.StepHostKey, remote.Fix{Remedy: remote.RemedyForgetHostKey, Text: "Forget it."})
	if f, _ := form(t, s.press("enter"), nil); f.ID != forgetForm {
		t.Errorf("it asks %s", f.ID)
	}
	s = fixed(remote.StepAuth, remote.Fix{Remedy: remote.RemedyGenerateKey, Text: "Make one."})
	if f, _ := form(t, s.press("enter"), nil); f.ID != generateForm {
		t.Errorf("it asks %s", f.ID)
	}
	s = fixed(remote.StepBanner, remote.Fix{Remedy: remote.RemedyWait, Text: "Wait."})
	s.ssh.did = nil
	s.run(s.press("enter"))
	s.did("examine")
	s = fixed(remote.StepShell, remote.Fix{})
	if got := s.reason("enter"); !strings.Contains(got, "cannot mend this by itself") {
		t.Errorf("enter: %q", got)
	}
	s = fixed(remote.StepShell+1, remote.Fix{})
	if got := s.reason("enter"); !strings.Contains(got, "nothing is to be mended") {
		t.Errorf("enter: %q", got)
	}
	s.has("ssh works: s opens a shell")
}

func TestExaminationSaysWhenTheWayThatWorksIsNotTheOneChosen(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.m.setWay(1, remote.Direct)
	for step := remote.StepTCP; step <= remote.StepShell; step++ {
		s.ssh.checks = append(s.ssh.checks, remote.Check{Step: step, Way: remote.Proxy, Text: "fine"})
	}
	s.run(s.tell(view.Examine{Instance: 1}))
	s.has("ssh works by the way proxy, but shells are to take direct only")
	if got := s.label("enter"); got != "take each way" {
		t.Errorf("enter says %q", got)
	}
	toast(t, s.press("enter"), "train (1) is reached directly when that answers within 2s, else through the proxy: s opens a shell")
	s.has("ssh works: s opens a shell")
	s.m.setWay(1, remote.Proxy)
	s.has("ssh works: s opens a shell")
}

func TestExaminationOfAStoppedInstanceOffersToStartIt(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(stopped(1, "train"))
	s.ssh.checks = checks(remote.StepStatus, remote.Fix{Remedy: remote.RemedyStart, Text: "Start it."})
	s.run(s.tell(view.Examine{Instance: 1}))
	if got := s.label("enter"); got != "start it…" {
		t.Errorf("enter says %q", got)
	}
	if p := wants[view.Confirm](t, s.press("enter")).Plan; p.Verb != "start" {
		t.Errorf("the plan is %+v", p)
	}
}

func TestReportOfAnExaminationCanBeCopied(t *testing.T) {
	t.Parallel()
	s := states["examined, key refused"](t)
	text := wants[view.Copy](t, s.press("y")).Text
	for _, words := range []string{"ssh to instance 1", "machine 101", "host key  good", "key       failed: It is not. Attach a key of this machine.", "shell     skipped", "in short: it ends at the step key"} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is not in the report:\n%s", words, text)
		}
	}
}

func TestStepsOfAnExaminationAppearOneByOne(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.tell(view.Examine{Instance: 1})
	s.has("◐ looking: does the instance run?")
	s.tell(command.Examined{Instance: 1, Check: remote.Check{Step: remote.StepStatus, Text: "It runs."}})
	s.has("● good: It runs.", "◐ looking: is there an address to speak to?")
	s.tell(command.Examined{Instance: 1, Check: remote.Check{Step: remote.StepTCP, State: remote.CheckWarn, Way: remote.Direct, Text: "It does not answer."}})
	s.tell(command.Examined{Instance: 1, Check: remote.Check{Step: remote.StepTCP, Way: remote.Proxy, Text: "It answers."}})
	s.has("▲ not this way, direct: It does not answer.", "● good, proxy: It answers.")
	s.tell(command.Examined{Instance: 2, Check: remote.Check{Step: remote.StepShell, State: remote.CheckFailed, Text: "Another one."}})
	s.lacks("Another one.")
}

func TestKeysAreToldApartByTheKeyAlone(t *testing.T) {
	t.Parallel()
	long := "ssh-rsa " + strings.Repeat("AAAA", 200) + " big@desk"
	s := newStage(t).load(running(1, "train")).keys([]vastapi.SSHKey{accountKey(5, long)}, localKey("/k.pub", strings.Replace(long, "big@desk", "another", 1)))
	s.press("K")
	s.size.W = 200
	s.has("● account and here", rental.Fingerprint(long))
	s.lacks("here only")
}

func TestKeyIsAddedFromAFileOrAsText(t *testing.T) {
	t.Parallel()
	s := states["keys"](t)
	f, v := form(t, s.press("n"), nil)
	if o := f.Fields[0].Options; len(o) != 1 || o[0].Value != "/home/u/.ssh/other.pub" {
		t.Errorf("it offers %+v", o)
	}
	v["file"] = "/home/u/.ssh/other.pub"
	e := s.run(f.Submit(s.env(), v))
	s.did("read /home/u/.ssh/other.pub")
	if c := wants[view.Confirm](t, e); c.Plan.Verb != "add key" || c.Form != addForm {
		t.Errorf("it wants %+v", c)
	}
	v["file"] = keyThere
	if c := wants[view.Confirm](t, f.Submit(s.env(), v)); c.Plan.Verb != "add key" {
		t.Errorf("it wants %+v", c)
	}
	s.ssh.err = remote.ErrPrivateKey
	v["file"] = "/home/u/.ssh/id_ed25519"
	if got := wants[view.FormFailed](t, s.run(f.Submit(s.env(), v))); got.Form != addForm || got.Text == "" {
		t.Errorf("it says %+v", got)
	}
	for _, bad := range []string{"", "-----BEGIN OPENSSH PRIVATE KEY----- b3Bl"} {
		if faults(f, view.Values{"file": bad})["file"] == "" {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestKeyIsMadeAndOfferedToTheAccount(t *testing.T) {
	t.Parallel()
	s := states["keys, none"](t)
	f, v := form(t, s.press("G"), nil)
	if v["name"] != "id_vast" {
		t.Errorf("it is called %q", v["name"])
	}
	e := s.run(f.Submit(s.env(), v))
	s.did("generate id_vast vastdeck")
	toast(t, e, "made /home/u/.ssh/id_vast.pub")
	if c := wants[view.Confirm](t, e); c.Plan.Verb != "add key" {
		t.Errorf("it wants %+v", c)
	}
	v["add"] = ""
	e = s.run(f.Submit(s.env(), v))
	lacksIntent[view.Confirm](t, e)
	for key, bad := range map[string][]string{"name": {"", "a/b", "../x", "-x", "id_vast.pub", "a b", "never_offered"}, "comment": {"-x"}} {
		for _, value := range bad {
			w := view.Values{"name": "id_vast_2", "comment": "c"}
			w[key] = value
			if faults(f, w)[key] == "" {
				t.Errorf("%s %q is taken", key, value)
			}
		}
	}
}

func TestKeyIsDeletedByAPlan(t *testing.T) {
	t.Parallel()
	s := states["keys"](t)
	c := wants[view.Confirm](t, s.press("D"))
	if c.Plan.Verb != "delete key" || c.Plan.Consent.Kind != rental.ConsentType {
		t.Errorf("the plan is %+v", c.Plan)
	}
	if again := wants[view.Confirm](t, c.Again(s.env(), "")); again.Plan.Verb != "delete key" {
		t.Errorf("again it is %+v", again.Plan)
	}
	s.keys(nil)
	toast(t, c.Again(s.env(), ""), "the key is gone")
	if e := s.tell(command.PlanExecuted{Report: rental.Report{Plan: c.Plan}}); lacksAccount(s) && e.Cmd != nil {
		t.Error("keys are asked for although there is no account")
	}
}

// lacksAccount reports whether there is nobody to ask for keys: this stage has no client.
func lacksAccount(s *stage) bool { return s.env().Load.LoadSSHKeys() == nil }

func TestKeyIsAttachedToWhatIsMeant(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"), running(2, "eval"), stopped(3, "old")).keys([]vastapi.SSHKey{accountKey(5, keyThere)}, localKey("/k.pub", keyHere))
	f, v := form(t, s.tell(view.AttachKey{Instances: []vastapi.InstanceID{2}}), nil)
	if !strings.Contains(panel(f, v), "a key that was added later gets into it only when it is attached") {
		t.Errorf("it is not explained why:\n%s", panel(f, v))
	}
	if len(f.Fields) != 2 || v["into/2"] != view.Yes || v["key"] != identity(keyHere) {
		t.Errorf("it begins with %v", v)
	}
	c := wants[view.Confirm](t, f.Submit(s.env(), v))
	if c.Plan.Verb != "attach" || len(c.Plan.Steps) != 1 || c.Form != attachForm {
		t.Errorf("the plan is %+v", c.Plan)
	}
	f, v = form(t, s.tell(view.AttachKey{}), nil)
	if v["into/1"] != view.Yes || v["into/2"] != view.Yes || v["into/3"] != "" {
		t.Errorf("all that run begin with %v", v)
	}
	v["into/1"], v["into/2"] = "", ""
	if errs := faults(f, v); len(errs) != 1 {
		t.Errorf("none at all: %v", errs)
	}
}

func TestAttachFormLearnsTheKeysThatAreReadLater(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	f, v := form(t, s.tell(view.AttachKey{Instances: []vastapi.InstanceID{1}}), nil)
	if faults(f, v)["key"] == "" {
		t.Error("no key at all is taken")
	}
	e := s.tell(command.LocalKeysRead{Answer: command.Answer{At: noon}, Keys: []remote.LocalKey{localKey("/k.pub", keyHere)}})
	if got := wants[view.Refit](t, e).Form; len(got.Fields[0].Options) != 1 {
		t.Errorf("it offers %+v", got.Fields[0].Options)
	}
	if got := wants[view.Fill](t, e); got.Values["key"] != identity(keyHere) {
		t.Errorf("it fills in %+v", got)
	}
	f.Closed(s.env(), v)
	if e := s.tell(command.LocalKeysRead{Answer: command.Answer{At: noon}}); len(e.Intents) > 0 {
		t.Errorf("a form that is closed is given %+v", e.Intents)
	}
}

// keysOf is an API that knows the keys of instances.
type keysOf struct {
	command.API
	keys []vastapi.SSHKey
	err  error
}

func (a *keysOf) InstanceSSHKeys(context.Context, vastapi.InstanceID) ([]vastapi.SSHKey, error) {
	return a.keys, a.err
}

func TestKeyIsDetachedByTheIDThatItHasInTheInstance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		api  keysOf
		want string
	}{
		{keysOf{keys: []vastapi.SSHKey{accountKey(8, keyThere), accountKey(77, keyHere)}}, ""},
		{keysOf{keys: []vastapi.SSHKey{accountKey(8, keyThere)}}, "not among the 1 key attached to train (1)"},
		{keysOf{err: errors.New("the server is away")}, "the server is away"},
	} {
		s := states["keys"](t)
		s.set.Use(&c.api)
		f, v := form(t, s.press("d"), nil)
		e := s.run(f.Submit(s.env(), v))
		if c.want != "" {
			if got := wants[view.FormFailed](t, e); got.Form != detachForm || !strings.Contains(got.Text, c.want) {
				t.Errorf("it says %+v, want %q", got, c.want)
			}
			continue
		}
		step := wants[view.Confirm](t, e).Plan.Steps[0]
		if call, ok := step.Call.(vastapi.DetachSSHKey); !ok || step.Subject.Instance != 1 || call.Key != 77 {
			t.Errorf("the step is %+v", step)
		}
	}
}

func TestSSHConfigIsToldWithTheNamesThatTheProfileHas(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(stopped(1, "eval"), running(2, "train"))
	s.ssh.alias = "work."
	s.open([]remote.Session{session(2)})
	f, v := form(t, s.press("I"), view.Values{"on": "change"})
	if !strings.Contains(panel(f, v), "`ssh vast-work.train`") {
		t.Errorf("the example is not one that would work:\n%s", panel(f, v))
	}
	e := s.run(f.Submit(s.env(), v))
	toast(t, e, "e.g. `ssh vast-work.train`, by a file that /home/u/.ssh/config includes")
	s.grant(e)
	s.data.Memory.SSHConfig = true
	got := solo.Copies(t, func() (view.View, func() view.Env) { return s.m, s.env })
	if got["s"].Text != "ssh vast-work.2" {
		t.Errorf("the copy menu has %q", got["s"].Text)
	}
}

func TestSSHConfigIsExplainedAskedForAndUndone(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.open(nil)
	f, v := form(t, s.press("I"), nil)
	for _, words := range []string{"ssh vast-train", "~/.ssh/config", "nothing else of that file is touched", "taken away again"} {
		if !strings.Contains(panel(f, v), words) {
			t.Errorf("%q is not explained:\n%s", words, panel(f, v))
		}
	}
	if e := f.Submit(s.env(), v); e.Cmd != nil {
		t.Error("enter alone changes it")
	}
	v["on"] = "change"
	e := s.run(f.Submit(s.env(), v))
	s.did("config on")
	toast(t, e, "/home/u/.ssh/config")
	s.grant(e)
	if !s.data.Memory.SSHConfig {
		t.Error("it is not remembered")
	}
	f, v = form(t, s.press("I"), view.Values{"on": "change"})
	s.grant(s.run(f.Submit(s.env(), v)))
	s.did("config on", "config off")
	if s.data.Memory.SSHConfig {
		t.Error("it is still remembered")
	}
	s.ssh.err = errors.New("the file cannot be written: look at its rights")
	f, v = form(t, s.press("I"), view.Values{"on": "change"})
	e = s.run(f.Submit(s.env(), v))
	if got := wants[view.FormFailed](t, e); !strings.Contains(got.Text, "Nothing was changed.") {
		t.Errorf("it says %q", got.Text)
	}
	lacksIntent[view.Remember](t, e)
}

func TestInstanceIsChosenWhereNoRowIs(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"), stopped(2, "eval"))
	s.open(nil)
	s.press("enter")
	s.has("Open a shell in", "▸ train (1)")
	s.press("down")
	if got := s.reason("enter"); !strings.Contains(got, "it is stopped") {
		t.Errorf("enter: %q", got)
	}
	s.press("up")
	toast(t, s.press("enter"), "trying direct")
	s.has("Nothing is open")
	s.press("f", "esc")
	s.has("Nothing is open")
}

func TestFilterAndOrder(t *testing.T) {
	t.Parallel()
	s := states["open"](t)
	s.press("/")
	s.text("tunnel -eval")
	s.press("enter")
	s.has("127.0.0.1:8888", "1 of 4 shown")
	s.lacks("6006")
	s.press("esc")
	s.has("6006")
	e := s.press("o")
	wants[view.Remember](t, e)
}

func TestTunnelIsRememberedAndForgottenByKey(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.open(nil, tunnelTo(1, "train", 8888, remote.TunnelUp))
	s.grant(s.press("b"))
	if len(s.data.Memory.Tunnels) != 1 {
		t.Error("it is not remembered")
	}
	s.grant(s.press("b"))
	if len(s.data.Memory.Tunnels) != 0 {
		t.Error("it is not forgotten")
	}
	s = newStage(t).load(running(1, ""))
	s.open(nil, tunnelTo(1, "", 8888, remote.TunnelUp))
	if got := s.reason("b"); !strings.Contains(got, "this one has none") {
		t.Errorf("b: %q", got)
	}
}

func TestCancelledCopyIsNoFailure(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.open(nil)
	c := under(1, true)
	c.Ended, c.Err = noon, &remote.Stopped{State: "3 files are there."}
	e := s.tell(command.CopyEnded{Copy: c})
	toast(t, e, "the upload of train.parquet to train (1) is cancelled", "3 files are there.")
	if ev := wants[view.Note](t, e).Event; ev.Level != feed.EventInfo {
		t.Errorf("it is noted as %+v", ev)
	}
	s.has("■ cancelled")
}

func TestWayThatDoesNotExistIsSaidWithoutADoctor(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	s.ssh.err = &remote.Failure{Kind: remote.FailNoWay, Sentence: "It has no proxy.", Next: "Go directly."}
	e := s.run(s.tell(view.Connect{Instance: 1, Way: remote.Proxy}))
	if text := wants[view.Toast](t, e).Text; text != "train (1): It has no proxy. Go directly." {
		t.Errorf("it says %q", text)
	}
	lacksIntent[view.Note](t, e)
}

func TestInstancesOnTheScreenAreNamed(t *testing.T) {
	t.Parallel()
	s := states["open"](t)
	if got := s.m.Visible(s.env()); !slices.Equal(got, []vastapi.InstanceID{1, 2}) {
		t.Errorf("they are %v", got)
	}
	s.tell(view.Examine{Instance: 2})
	if got := s.m.Visible(s.env()); !slices.Equal(got, []vastapi.InstanceID{2}) {
		t.Errorf("on the doctor's page they are %v", got)
	}
}

func TestCursorStaysOnATunnelThatIsClosedAndOpened(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	up := tunnelTo(1, "train", 8888, remote.TunnelUp)
	s.remember(up.Forward)
	s.open([]remote.Session{session(1)}, up)
	s.on("127.0.0.1:8888")
	s.open([]remote.Session{session(1)})
	if got := s.label("x"); got != "forget the tunnel" {
		t.Errorf("closed, x says %q", got)
	}
	s.open([]remote.Session{session(1)}, up)
	if got := s.label("x"); got != "close the tunnel" {
		t.Errorf("open, x says %q", got)
	}
}

func TestAWrongOptionOfATypedPasteReachesNoArgument(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	f, v := form(t, s.tell(view.ForwardPort{Instance: 1}), view.Values{"host": "-oProxyCommand=touch /tmp/x", "port": "80 -R 1:2:3"})
	if errs := faults(f, v); len(errs) != 2 {
		t.Errorf("it is taken: %v", errs)
	}
}

func TestEstimatesAndSizesAreReadable(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_999: "1.0 MB", 12_345_678: "12.3 MB", 450_000_000: "450 MB", 1_500_000_000_000: "1.5 TB", -5: "0 B"} {
		if got := size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "under a second", 90 * time.Second: "about 1m", 3 * time.Hour: "about 3h"} {
		if got := within(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
	p := remote.CopyProgress{Done: 2000, Total: 1000}
	if got := shareText(p); got != "100%" {
		t.Errorf("more than all is %q", got)
	}
}

func TestLeavingTheDoctorGivesTheExaminationUp(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "train"))
	e := s.tell(view.Examine{Instance: 1})
	s.press("esc")
	for _, msg := range messages(e.Cmd()) {
		if a, ended := msg.(command.ExamineEnded); ended && s.set.Current(a) {
			t.Errorf("its end is still waited for: %+v", a)
		}
	}
}

func TestKeyIsAttachedToAllThatAreMeantHoweverMany(t *testing.T) {
	t.Parallel()
	var list []vastapi.Instance
	var ids []vastapi.InstanceID
	for n := range 3 * mostInto {
		id := vastapi.InstanceID(n + 1)
		list, ids = append(list, running(id, "node")), append(ids, id)
	}
	s := newStage(t).load(list...).keys(nil, localKey("/k.pub", keyHere))
	f, v := form(t, s.tell(view.AttachKey{Instances: ids}), nil)
	if errs := faults(f, v); len(errs) > 0 || !strings.Contains(panel(f, v), "180 instances, all that are meant") {
		t.Errorf("%v\n%s", errs, panel(f, v))
	}
	if p := wants[view.Confirm](t, f.Submit(s.env(), v)).Plan; len(p.Steps) != len(ids) {
		t.Errorf("the plan has %d steps", len(p.Steps))
	}
	f, v = form(t, s.tell(view.AttachKey{}), nil)
	if len(f.Fields) != 1+mostInto || !strings.Contains(panel(f, v), "the first 60 instances") {
		t.Errorf("%d fields\n%s", len(f.Fields), panel(f, v))
	}
}
