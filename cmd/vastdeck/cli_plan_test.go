package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

// played is a verb that was run in this process.
type played struct {
	code           int
	stdout, stderr string
}

// play runs the program against a server, with waits as short as those of the scripts.
func play(t *testing.T, url string, policy func(*rental.Policy), args ...string) played {
	t.Helper()
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	if err := os.WriteFile(key, []byte(scriptKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := func(name string) *os.File {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	a := hasty()
	a.getenv = func(name string) string {
		return map[string]string{
			"HOME": dir, "XDG_STATE_HOME": dir + "/state", "XDG_CONFIG_HOME": dir + "/config", "XDG_RUNTIME_DIR": dir + "/run",
			"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + dir + "/no-bus", "VAST_URL": url,
		}[name]
	}
	a.stdin, a.stdout, a.stderr = file("stdin"), file("stdout"), file("stderr")
	if policy != nil {
		policy(a.pace.policy)
	}
	p := played{code: a.run(append(args, "--api-key-file", key))}
	for _, of := range []struct {
		f  *os.File
		to *string
	}{{a.stdout, &p.stdout}, {a.stderr, &p.stderr}} {
		if _, err := of.f.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(of.f)
		if err != nil {
			t.Fatal(err)
		}
		*of.to = string(text)
	}
	return p
}

// serve serves a world in which before happens ahead of every request.
func serve(t *testing.T, before func(*vastsim.World, *http.Request)) (*vastsim.World, string) {
	t.Helper()
	world := vastsim.New(vastsim.WithKey(scriptKey), vastsim.WithQuietMarket(), vastsim.WithEmptyAccount(), vastsim.WithSpeed(haste))
	handler := world.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before(world, r)
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.Close(); world.Close() })
	return world, server.URL
}

// anOffer is a verified offer that can be rented.
func anOffer(t *testing.T, world *vastsim.World) vastsim.OfferState {
	t.Helper()
	for _, o := range world.Offers() {
		if o.Rentable && o.Verified && o.DiskGB > 100 {
			return o
		}
	}
	t.Fatal("no offer")
	return vastsim.OfferState{}
}

func TestAPriceThatRisesAfterThePlanRefusesTheRent(t *testing.T) {
	t.Parallel()
	searches := 0
	var offer vastsim.OfferState
	world, url := serve(t, func(w *vastsim.World, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/v0/bundles") {
			if searches++; searches == 2 {
				w.SetOfferPrice(offer.ID, 2*offer.DPHBase)
			}
		}
	})
	offer = anOffer(t, world)
	p := play(t, url, func(p *rental.Policy) { p.Fresh = 0 }, "rent", vastapi.OfferID(offer.ID).String(), "--image", "a/b", "--yes", "--json")
	if p.code != exitRefused || !strings.Contains(p.stderr, "nothing was sent") || !strings.Contains(p.stderr, "price was $") {
		t.Errorf("exit code %d, %s", p.code, p.stderr)
	}
	if !strings.Contains(p.stdout, `"outcome": "refused"`) || !strings.Contains(p.stdout, `"moved"`) {
		t.Errorf("printed %s", p.stdout)
	}
	if n := len(world.Calls(http.MethodPut, "")); n != 0 || searches != 2 {
		t.Errorf("%d changes were sent after %d searches", n, searches)
	}
}

func TestALowerPriceIsTakenAndTold(t *testing.T) {
	t.Parallel()
	searches := 0
	var offer vastsim.OfferState
	world, url := serve(t, func(w *vastsim.World, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/v0/bundles") {
			if searches++; searches == 2 {
				w.SetOfferPrice(offer.ID, offer.DPHBase/2)
			}
		}
	})
	offer = anOffer(t, world)
	p := play(t, url, func(p *rental.Policy) { p.Fresh = 0 }, "rent", vastapi.OfferID(offer.ID).String(), "--image", "a/b", "--yes", "--json", "--no-wait")
	if p.code != exitDone || !strings.Contains(p.stdout, `"lower"`) || len(world.Instances()) != 1 {
		t.Errorf("exit code %d, %s, %s", p.code, p.stderr, p.stdout)
	}
}

func TestHowAPlanEndedBecomesAnExitCode(t *testing.T) {
	t.Parallel()
	step := rental.Step{Verb: "stop", Target: "#7", Call: vastapi.SetInstanceState{ID: 7, State: "stopped"}}
	one := func(outcome vastapi.Outcome) []rental.StepResult {
		return []rental.StepResult{{Step: step, Outcome: outcome, Why: "It is so.", Verified: true}}
	}
	said := func(kind vastapi.Kind) []rental.StepResult {
		list := one(vastapi.OutcomeRejected)
		list[0].Err = &vastapi.Error{Kind: kind}
		return list
	}
	stop := rental.Plan{Verb: "stop", Mode: rental.Each, Steps: []rental.Step{step}}
	destroy := rental.Plan{Verb: "destroy", Mode: rental.Each, Steps: []rental.Step{step}}
	fleet := rental.Plan{Verb: "rent", Mode: rental.FirstN, Want: 2, Steps: []rental.Step{step, step}}
	for name, c := range map[string]struct {
		report rental.Report
		code   int
	}{
		"done":                     {rental.Report{Plan: stop, Done: one(vastapi.OutcomeConfirmed)}, exitDone},
		"failed":                   {rental.Report{Plan: stop, Failed: one(vastapi.OutcomeRejected)}, exitFailed},
		"unknown":                  {rental.Report{Plan: stop, Unknown: one(vastapi.OutcomeUnknown)}, exitUnknown},
		"unknown beside a failure": {rental.Report{Plan: stop, Unknown: one(vastapi.OutcomeUnknown), Failed: one(vastapi.OutcomeRejected)}, exitUnknown},
		"a right is missing":       {rental.Report{Plan: stop, Failed: said(vastapi.KindRights), NotTried: one(0)}, exitRefused},
		"the key is none":          {rental.Report{Plan: stop, Failed: said(vastapi.KindAuth)}, exitNoLogin},
		"a right and a failure":    {rental.Report{Plan: stop, Failed: append(said(vastapi.KindRights), said(vastapi.KindServer)...)}, exitFailed},
		"done, then a right":       {rental.Report{Plan: stop, Done: one(vastapi.OutcomeConfirmed), Failed: said(vastapi.KindRights)}, exitFailed},
		"a fleet without a right":  {rental.Report{Plan: fleet, Failed: said(vastapi.KindRights)}, exitRefused},
		"moved":                    {rental.Report{Plan: stop, NotTried: one(0), Err: rental.ErrMoved, Moved: []rental.Change{{What: "name", Was: "a", Is: "b"}}}, exitRefused},
		"above the ceiling":        {rental.Report{Plan: stop, NotTried: one(0), Err: errors.New("above")}, exitRefused},
		"used":                     {rental.Report{Plan: stop, NotTried: one(0), Err: rental.ErrUsed}, exitRefused},
		"not readable":             {rental.Report{Plan: stop, NotTried: one(0), Err: &vastapi.Error{Kind: vastapi.KindTransport}}, exitFailed},
		"ended in the middle":      {rental.Report{Plan: stop, Done: one(vastapi.OutcomeConfirmed), NotTried: one(0), Err: errors.New("above")}, exitFailed},
		"target gone":              {rental.Report{Plan: stop, Skipped: one(0)}, exitFailed},
		"gone, as wanted":          {rental.Report{Plan: destroy, Skipped: one(0)}, exitDone},
		"fewer than wanted":        {rental.Report{Plan: fleet, Done: one(vastapi.OutcomeConfirmed), Skipped: one(0)}, exitFailed},
	} {
		if got := exitCode(coded(endOf(t.Context(), c.report))); got != c.code {
			t.Errorf("%s: exit code %d, want %d", name, got, c.code)
		}
	}
}

func TestALineWithoutItsEndAgreesToNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"y\n": "y\n", "y": "", "": "", "\n": "\n"} {
		if got, err := readLine(t.Context(), strings.NewReader(text)); got != want || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	silent, typed := io.Pipe()
	defer typed.Close()
	if _, err := readLine(ctx, silent); !errors.Is(err, context.Canceled) {
		t.Errorf("an end by a signal: %v", err)
	}
}

func TestTheWholePlanIsShownBeforeItIsAskedAbout(t *testing.T) {
	t.Parallel()
	i := vastapi.Instance{ID: 1234, MachineID: 9, Disk: 40}
	p, err := rental.PlanDestroy([]vastapi.Instance{i}, rental.Desk{Caps: rental.DefaultCaps()})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writePlan(&out, p); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Destroy instance 1234", "#1234", "disk 40 GB is erased", "cannot be undone", "per hour", "credit", "DELETE /api/v0/instances/1234/", "vastai destroy instance 1234"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestEveryVerbAboutTheAccountPrintsDataAndPlans(t *testing.T) {
	t.Parallel()
	root := new(app).command()
	for _, line := range []string{
		"offers", "instances", "volumes", "bids", "cost", "rent", "bid", "bid change", "start", "stop", "reboot", "label", "destroy",
		"volume create", "volume clone", "volume delete", "ssh", "logs", "doctor",
	} {
		c, _, err := root.Find(strings.Fields(line))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"json", "plan", "dry-run"} {
			if c.CommandPath() != "vastdeck "+line || c.Flags().Lookup(name) == nil {
				t.Errorf("%s has no --%s", line, name)
			}
		}
	}
}
