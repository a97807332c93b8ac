package main

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

// hangGuard ends a test in which something that has to come never does. Nothing has to
// be as fast as that: it only takes the place of a test that hangs for ever.
const hangGuard = 3 * time.Minute

// TestMain lets the scripts run the program as a command of its own.
func TestMain(m *testing.M) {
	testscript.Main(tidied{m}, map[string]func(){programName: func() { os.Exit(hasty().run(os.Args[1:])) }})
}

// tidied are the tests and what is cleared away after all of them.
type tidied struct{ *testing.M }

// Run runs the tests.
func (r tidied) Run() int {
	defer func() {
		leftovers.Lock()
		defer leftovers.Unlock()
		for _, clear := range leftovers.clear {
			clear()
		}
	}()
	return r.M.Run()
}

var leftovers struct {
	sync.Mutex
	clear []func()
}

// haste is by how much scripts wait less than the product does.
const haste = 200

// hasty is the program with shorter waits, but for those in which it tries to learn
// something before it goes on without: how long that takes depends on the machine.
func hasty() *app {
	intervals, policy := vastapi.DefaultIntervals().Divided(haste), rental.DefaultPolicy()
	intervals.ReadsPerMinute, intervals.SearchesPerMinute = 0, 0
	for _, d := range []*time.Duration{&policy.Settle, &policy.Pace, &policy.Seen, &policy.GiveUp, &policy.Refresh} {
		*d /= haste
	}
	policy.GiveUp /= 20 // an hour without a single reading
	return &app{
		getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		pace: pace{intervals: &intervals, policy: &policy, logs: 12 * time.Second / haste, settling: hangGuard, completing: hangGuard},
	}
}

// scriptKey is the only key that the simulator of a script takes.
const scriptKey = "right-key-0123456789"

// TestScript plays testdata/script. Each script has a simulated account of its own on
// loopback, and folders of its own; none has a keyring, because there is no bus.
//
// Beside the commands of testscript there are
//
//	exits CODE COMMAND [ARG…]   run a command, which must end with that exit code
//	answers CODE ANSWER COMMAND [ARG…]  the same on a terminal: see answersCommand
//	sim …                       change the world or look at it: see simCommand
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_GOLDEN") != "",
		Setup:         setUpScript,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"exits": exitsCommand, "sim": simCommand, "answers": answersCommand},
	})
}

// stage is the simulated world of one script.
type stage struct {
	env     *testscript.Env
	world   *vastsim.World
	server  *httptest.Server
	repairs []func() // take the faults back
}

// stageKey is where a script has its stage.
type stageKey struct{}

func setUpScript(env *testscript.Env) error {
	s := &stage{env: env}
	env.Values[stageKey{}] = s
	env.Defer(s.close)
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("XDG_STATE_HOME", env.WorkDir+"/state")
	env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/config")
	env.Setenv("XDG_RUNTIME_DIR", env.WorkDir+"/run")
	env.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+env.WorkDir+"/no-bus")
	env.Setenv("KEY", scriptKey)
	env.Setenv("VAST_URL", s.open(vastsim.WithQuietMarket()))
	return nil
}

// open begins a world anew and gives its address.
func (s *stage) open(opts ...vastsim.Option) string {
	s.close()
	s.world = vastsim.New(append([]vastsim.Option{vastsim.WithKey(scriptKey)}, opts...)...)
	s.server = httptest.NewServer(s.world.Handler())
	return s.server.URL
}

func (s *stage) close() {
	if s.server != nil {
		s.server.Close()
		s.world.Close()
	}
}

// exitsCommand runs a command and compares its exit code.
func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// simCommand changes the world of the script or looks at it:
//
//	sim world [OPTION…]            begin anew: empty, seed=N, offers=N, instances=N, credit=USD, speed=N, live, limits
//	                               and max-limit=N (as cmd/vastsim has them); VAST_URL changes
//	sim fault KIND:METHOD:PATH[:DELAY] [after=N] [times=N]
//	sim down                       nobody answers at VAST_URL any more
//	sim label ID TEXT              TEXT is quoted as in Go when it begins with "
//	sim status ID STATUS [MESSAGE]
//	sim price OFFER $/H · sim remove OFFER · sim credit USD
//	sim ids VARIABLE instances|volumes|offers [N]     put the N-th id (from 1; default 1) into a variable
//	sim writes N                   the world must have had exactly N requests that change something
//	sim calls N METHOD PATH        … N requests with that method ("" any) whose path begins so
func simCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: sim WHAT …")
	}
	s := ts.Value(stageKey{}).(*stage)
	do, ok := simVerbs[args[0]]
	if !ok {
		ts.Fatalf("sim has no %s", args[0])
	}
	ts.Check(do(s, ts, args[1:]))
}

var simVerbs = map[string]func(*stage, *testscript.TestScript, []string) error{
	"world": func(s *stage, ts *testscript.TestScript, args []string) error {
		opts, err := worldOptions(args)
		if err == nil {
			ts.Setenv("VAST_URL", s.open(opts...))
		}
		return err
	},
	"fault": func(s *stage, _ *testscript.TestScript, args []string) error { return s.fault(args) },
	"down":  func(s *stage, _ *testscript.TestScript, _ []string) error { s.server.Close(); return nil },
	"label": func(s *stage, _ *testscript.TestScript, args []string) error {
		id, err := wanted(args, 2)
		text := args[1]
		if strings.HasPrefix(text, `"`) && err == nil {
			text, err = strconv.Unquote(text)
		}
		s.world.SetInstanceLabel(id, text)
		return err
	},
	"status": func(s *stage, _ *testscript.TestScript, args []string) error {
		id, err := wanted(args, 2)
		s.world.SetInstanceStatus(id, args[1], strings.Join(args[2:], " "))
		return err
	},
	"price": func(s *stage, _ *testscript.TestScript, args []string) error {
		id, err := wanted(args, 2)
		if err != nil {
			return err
		}
		rate, err := strconv.ParseFloat(args[1], 64)
		s.world.SetOfferPrice(id, rate)
		return err
	},
	"remove": func(s *stage, _ *testscript.TestScript, args []string) error {
		id, err := wanted(args, 1)
		s.world.RemoveOffer(id)
		return err
	},
	"credit": func(s *stage, _ *testscript.TestScript, args []string) error {
		usd, err := strconv.ParseFloat(args[0], 64)
		s.world.SetCredit(usd)
		return err
	},
	"ids": func(s *stage, ts *testscript.TestScript, args []string) error {
		n := 1
		if len(args) > 2 {
			var err error
			if n, err = strconv.Atoi(args[2]); err != nil {
				return err
			}
		}
		id, err := s.id(args[1], n)
		ts.Setenv(args[0], strconv.FormatInt(id, 10))
		return err
	},
	"writes": func(s *stage, _ *testscript.TestScript, args []string) error {
		return counted(args[0], s.writes())
	},
	"calls": func(s *stage, _ *testscript.TestScript, args []string) error {
		return counted(args[0], s.world.Calls(args[1], args[2]))
	},
}

// wanted is the id that is the first of at least n arguments.
func wanted(args []string, n int) (int64, error) {
	if len(args) < n {
		return 0, fmt.Errorf("sim: %d arguments, want %d", len(args), n)
	}
	return strconv.ParseInt(args[0], 10, 64)
}

// counted is the error of so many requests when another number was wanted.
func counted(want string, calls []vastsim.Call) error {
	n, err := strconv.Atoi(want)
	if err != nil || n == len(calls) {
		return err
	}
	lines := make([]string, len(calls))
	for i, c := range calls {
		lines[i] = fmt.Sprintf("%s %s %d", c.Method, c.Path, c.Status)
	}
	return fmt.Errorf("%d requests, want %d:\n%s", len(calls), n, strings.Join(lines, "\n"))
}

// writes are the requests that change something. Searches are asked for with POST.
func (s *stage) writes() []vastsim.Call {
	var list []vastsim.Call
	for _, c := range s.world.Calls("", "") {
		search := strings.HasPrefix(c.Path, "/api/v0/bundles") || strings.HasPrefix(c.Path, "/api/v0/volumes/search") || strings.HasPrefix(c.Path, "/api/v0/network_volumes/search")
		if c.Method != "GET" && !search {
			list = append(list, c)
		}
	}
	return list
}

func (s *stage) fault(args []string) error {
	f, err := vastsim.ParseFault(args[0])
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		n, bad := strconv.Atoi(value)
		switch {
		case bad != nil:
			return bad
		case name == "after":
			f.After = n
		case name == "times":
			f.Times = n
		default:
			return fmt.Errorf("sim fault has no %s", name)
		}
	}
	if err == nil {
		s.repairs = append(s.repairs, s.world.Fault(f))
	}
	return err
}

// id is the n-th id of what there is.
func (s *stage) id(what string, n int) (int64, error) {
	var ids []int64
	switch what {
	case "instances":
		for _, i := range s.world.Instances() {
			ids = append(ids, i.ID)
		}
	case "volumes":
		for _, v := range s.world.Volumes() {
			ids = append(ids, v.ID)
		}
	case "offers":
		for _, o := range s.world.Offers() {
			ids = append(ids, o.ID)
		}
	default:
		return 0, fmt.Errorf("sim ids knows no %s", what)
	}
	if n < 1 || n > len(ids) {
		return 0, fmt.Errorf("there are %d %s", len(ids), what)
	}
	return ids[n-1], nil
}

func worldOptions(args []string) ([]vastsim.Option, error) {
	live := false
	var opts []vastsim.Option
	for _, arg := range args {
		name, value, has := strings.Cut(arg, "=")
		n, err := strconv.Atoi(value)
		if has && err != nil {
			return nil, err
		}
		switch name {
		case "empty":
			opts = append(opts, vastsim.WithEmptyAccount())
		case "live":
			live = true
		case "limits":
			opts = append(opts, vastsim.WithRateLimits(true))
		case "speed":
			opts = append(opts, vastsim.WithSpeed(float64(n)))
		case "ssh": // all instances are on this machine, where nothing listens
			opts = append(opts, vastsim.WithSSH("127.0.0.1", 9))
		case "seed":
			opts = append(opts, vastsim.WithSeed(int64(n)))
		case "offers":
			opts = append(opts, vastsim.WithOffers(n))
		case "max-limit":
			opts = append(opts, vastsim.WithMaxLimit(n))
		case "instances":
			opts = append(opts, vastsim.WithInstances(n))
		case "credit":
			opts = append(opts, vastsim.WithCredit(float64(n)))
		case "startup":
			opts = append(opts, vastsim.WithStartup(time.Duration(n)*time.Second))
		default:
			return nil, fmt.Errorf("sim world has no %s", name)
		}
	}
	if !live {
		opts = append(opts, vastsim.WithQuietMarket())
	}
	return opts, nil
}
