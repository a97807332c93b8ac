//go:build benchpty && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// world is a market that the program is measured with, and what it should reach.
type world struct {
	offers       int     // the program holds at least
	window       int     // offers asked for at once
	typed        string  // the name of what a typed key takes
	p50, p99, mb float64 // ms for a typed key; MB
}

// The program asks for at most ten windows a minute: the larger market takes larger
// ones, or it would not be here within five minutes.
var worlds = []world{
	{offers: 10_000, window: 1000, typed: "P2", p50: 8, p99: 20, mb: 40},
	{offers: 50_000, window: 5000, typed: "P3", p50: 10, p99: 30, mb: 120},
}

const (
	walkLimit   = 4 * time.Minute // until a whole market is here
	restTime    = 5 * time.Second // after a walk, until memory is looked at
	watchTime   = 5 * time.Second // memory goes up and down with each collection
	parkedTime  = 2 * time.Second
	shortIdle   = 20 * time.Second
	searchPath  = "POST /api/v0/bundles/"
	benchKey    = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	marketKeys  = "1"
	parkingKeys = "2" // another view, for which no offers are asked for
)

// marketSession is a program with a whole market in hand, and its server.
type marketSession struct {
	*ptySession
	world
	b      *bench
	server *server
	screen emulator
	fed    int // bytes of the output that the screen has been given
	walk   int // searches that the whole market took
	asked  int // searches before the refresh that is under way
}

func (w world) name() string { return thousands(w.offers) + " offers" }

// markets measures the program with each of the markets. They are loaded side by side,
// because that is mostly waiting; keys are pressed in one of them at a time, while the
// others show what needs no offers.
func (b *bench) markets() {
	simulator := b.buildSimulator()
	var all []*marketSession
	for _, w := range worlds {
		all = append(all, b.openMarket(simulator, w))
	}
	for _, s := range all {
		s.whole()
		s.walk = s.server.searches()
		fact("loaded, "+s.name()+" in windows of "+thousands(s.window), time.Since(s.started).Seconds(), "s")
	}
	b.load()
	for _, s := range all {
		s.weigh("")
		s.press(parkingKeys)
	}
	for _, s := range all {
		s.press(marketKeys)
		s.settle(parkedTime)
		s.whole()
		b.load()
		s.rest()
		s.scroll()
		s.typing()
		s.press(parkingKeys)
	}
	for _, s := range all {
		s.press(marketKeys)
		s.settle(parkedTime)
	}
	for range 2 {
		for _, s := range all {
			s.refresh()
		}
		for _, s := range all {
			s.refreshed()
		}
	}
	for _, s := range all {
		s.weigh(", after two refreshes")
		fact("P10 memory, "+s.name()+", the most at any time", b.mostMemory(s.cmd.Process.Pid), "MB")
		s.leave()
		s.close()
	}
	b.load()
}

// openMarket starts a server and the program, with an account of its own and nothing
// remembered.
func (b *bench) openMarket(simulator string, w world) *marketSession {
	b.t.Helper()
	home := b.t.TempDir()
	config := filepath.Join(home, "config", programName)
	if err := os.MkdirAll(config, 0o700); err != nil {
		b.t.Fatal(err)
	}
	key := filepath.Join(home, "key")
	settings := fmt.Sprintf("[market]\nlimit = %d\nmax = %d\n", w.window, 2*w.offers)
	for path, text := range map[string]string{key: benchKey + "\n", filepath.Join(config, "config.toml"): settings} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	// Two of three offers satisfy what is searched for at the start.
	server := b.serve(simulator, "--offers", strconv.Itoa(w.offers*3/2), "--max-limit", strconv.Itoa(w.window))
	cmd := exec.Command(b.path, "--no-supervisor", "--url", server.url, "--api-key-file", key)
	cmd.Dir = home
	cmd.Env = programEnvironment(home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
		"XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_RUNTIME_DIR="+home)
	s := &marketSession{
		ptySession: startSession(b.t, benchCols, benchRows, cmd), world: w, b: b,
		server: server, screen: newEmulator(b.t, benchCols, benchRows),
	}
	return s
}

// lines is the screen as it is now.
func (s *marketSession) lines() []string {
	s.mu.Lock()
	news := slices.Clone(s.out[s.fed:])
	s.mu.Unlock()
	_, _ = s.screen.Write(news)
	s.fed += len(news)
	return s.screen.lines()
}

var shownLine = regexp.MustCompile(`([0-9,]+) of ([0-9,]+) offers shown`)

// shown is how many offers are drawn of how many that are here; with all, there are no
// more and nothing about them is still being done.
func (s *marketSession) shown() (shown, here int, all bool) {
	text := strings.Join(s.lines(), "\n")
	m := shownLine.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	shown, _ = strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	here, _ = strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
	return shown, here, !strings.Contains(text, " of more") && !strings.Contains(text, "sorting")
}

// until waits for something that is to be seen on the screen.
func (s *marketSession) until(what string, ok func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(walkLimit)
	for !ok() {
		if time.Now().After(deadline) || !s.running() {
			s.t.Fatalf("no %s; the screen:\n%s", what, strings.Join(s.lines(), "\n"))
		}
		<-time.After(50 * time.Millisecond)
	}
}

// whole waits until all offers of the market are here and shown.
func (s *marketSession) whole() {
	s.t.Helper()
	s.until("whole market", func() bool {
		shown, here, all := s.shown()
		return all && shown == here && here >= s.offers
	})
}

// refresh begins to read the whole market anew.
func (s *marketSession) refresh() {
	s.t.Helper()
	s.asked = s.server.searches()
	s.press("\x12") // ctrl+r
}

// refreshed waits until the whole market has been read anew.
func (s *marketSession) refreshed() {
	s.t.Helper()
	s.until("refresh", func() bool { return s.server.searches() >= s.asked+s.walk })
	<-time.After(restTime) // the last window is on its way into the market
	s.whole()
}

// weigh looks what the program takes by itself, a while after it was last busy.
func (s *marketSession) weigh(when string) {
	s.t.Helper()
	<-time.After(restTime)
	most := 0.0
	for end := time.Now().Add(watchTime); time.Now().Before(end); <-time.After(watchTime / 20) {
		most = max(most, s.b.memory(s.cmd.Process.Pid))
	}
	measured("P10 memory, "+s.name()+when, most, "MB", s.mb)
}

// rest is what the program costs while nobody touches it. The market is read again
// meanwhile, as the program does every 30 s.
func (s *marketSession) rest() {
	s.t.Helper()
	pid := s.cmd.Process.Pid
	searches := s.server.searches()
	before := s.b.cpu(pid)
	<-time.After(shortIdle)
	spent := s.b.cpu(pid) - before
	fact("idle, "+s.name()+fmt.Sprintf(", %d searches meanwhile", s.server.searches()-searches),
		100*float64(spent)/float64(shortIdle), "% of a core")
}

// scroll presses a key that scrolls by a row.
func (s *marketSession) scroll() {
	s.t.Helper()
	// To the lower edge first: from there on each key scrolls.
	s.press(strings.Repeat("j", benchRows))
	s.settle(500 * time.Millisecond)
	k := s.strike(slices.Repeat([]string{"j"}, benchKeys))
	measured("P4 scroll, "+s.name(), float64(quantile(k.bytes, 0.5)), "B", 600)
	k.print("P4 scroll, "+s.name(), 8, 20)
}

// typing types a query and deletes it again.
func (s *marketSession) typing() {
	s.t.Helper()
	s.press("/")
	s.settle(500 * time.Millisecond)
	k := s.strike(typing(benchKeys))
	k.print(s.typed+" typed key, "+s.name(), s.p50, s.p99)
	fact(s.typed+" typed key, "+s.name()+", mean", k.meanBytes(), "B")
	s.press("\r") // the line is empty: every offer is shown
	s.settle(500 * time.Millisecond)
	s.whole()
}

// thousands writes a number with separators.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
