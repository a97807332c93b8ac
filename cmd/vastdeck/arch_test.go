package main_test

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fault is one place that breaks a rule, and what to do about it.
type fault struct {
	line int
	what string
	say  string
}

// rule is one rule of the architecture. Every rule is itself tested with small files: those that must break it and
// those that must not.
type rule struct {
	name  string
	check func(s source) []fault
	bad   []fake
	good  []fake
}

// fake is a small source file.
type fake struct{ path, text string }

// named makes a rule's check: the names of one package that only some files may use. Test files are exempt.
func named(importPath string, wanted func(string) bool, allowed func(source) bool, say string) func(source) []fault {
	return func(s source) []fault {
		if s.test() || allowed(s) {
			return nil
		}
		var faults []fault
		for line, name := range s.names(importPath, wanted) {
			faults = append(faults, fault{line, "names " + name, say})
		}
		return faults
	}
}

// oneOf reports whether a name is one of the given.
func oneOf(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

// mayWait holds for files that are not under tui, and for the packages under it that may wait.
func mayWait(s source) bool { return !s.in("tui") || s.in("tui/command", "tui/tuitest") }

const sayWait = "only tui/command waits: add a command there and return its tea.Cmd"

// sorting: Update must not be kept busy by it, however long a list is. Long lists are sorted in commands: pages by the
// feed's fold, tables by their arrangement. The files named here sort what is short by nature.
func sorting(s source) []fault {
	short := []string{"tui/account/audit_match.go", "tui/activity/row.go", "tui/alerts.go", "tui/costs/made.go", "tui/keycheck.go", "tui/many.go", "tui/offers/arrange.go", "tui/offers/blocks.go", "tui/offers/rent_fleet.go", "tui/widget/palette/entry.go"}
	if s.test() || !s.in("tui") || s.in(append(short, "tui/feed", "tui/command", "tui/widget/table", "tui/tuitest")...) {
		return nil
	}
	var faults []fault
	for _, from := range []string{"sort", "slices"} {
		names := s.names(from, func(name string) bool { return from == "sort" || strings.HasPrefix(name, "Sort") })
		for line, name := range names {
			faults = append(faults, fault{line, "names " + from + "." + name, "long lists are sorted off the Update goroutine: " +
				"return command.Compute(…), or add the file to the list in arch_test.go when the list is short by nature"})
		}
	}
	return faults
}

// foldings: a market is worked out in a command. The names are its methods', with as many arguments.
func foldings(s source) []fault {
	if s.test() || !s.in("tui") || s.in("tui/feed", "tui/command") {
		return nil
	}
	var faults []fault
	for name, args := range map[string]int{"With": 5, "Merge": 3, "Expired": 1, "Cheapest": 1} {
		faults = append(faults, at(s.methods(name, args), "calls "+name+" of a market", "that takes too long for Update: use Set.FoldOffers")...)
	}
	return faults
}

// wireCalls: the exact bytes of outside text leave the program only in requests.
func wireCalls(s source) []fault {
	if s.test() || s.folder() == "vastapi" || s.in("vastapi/safetext", "vastapi/rental") {
		return nil
	}
	return at(s.methods("Wire", 0), "calls Wire()", "only vastapi's encoders see the bytes as received: use String()")
}

// reveals: a key is shown to the transport alone.
func reveals(s source) []fault {
	// A key that was just made is shown once, by tui/account/newkey.go and nobody else.
	allowed := []string{"vastapi/chain.go", "vastapi/options.go", "vastapi/transport.go", "cmd/vastdeck", "tui/account/newkey.go"}
	if s.test() || s.in(allowed...) {
		return nil
	}
	var lines []int
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Reveal" {
			lines = append(lines, s.line(sel.Sel.Pos()))
		}
		return true
	})
	return at(lines, "reveals a key", "only cmd/vastdeck and the client's chain see a key: pass the store.Key itself on")
}

// mutations: what changes the account goes through the executor. Client.Do takes a context and a call; methods of
// that name with other numbers of arguments are others.
func mutations(s source) []fault {
	if s.test() || s.path == "vastapi/rental/execute.go" {
		return nil
	}
	return at(s.methods("Do", 2), "calls Do(ctx, call)",
		"only rental/execute.go changes the account, after consent and with the journal: make a rental.Plan of it")
}

// goStatements: under tui only the command layer starts goroutines. Test files are exempt.
func goStatements(s source) []fault {
	if s.test() || mayWait(s) {
		return nil
	}
	var lines []int
	ast.Inspect(s.file, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			lines = append(lines, s.line(g.Pos()))
		}
		return true
	})
	return at(lines, "starts a goroutine", sayWait)
}

// skips: a test that is not run proves nothing. Tests that need more than Go have a build tag.
func skips(s source) []fault {
	if !s.test() {
		return nil
	}
	var lines []int
	ast.Inspect(s.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) && !s.isPackage(sel.X) {
			lines = append(lines, s.line(sel.Pos()))
		}
		return true
	})
	return at(lines, "skips a test", "choose the test by a build tag, or make what it needs part of the test")
}

// unfinished matches the marks of work put off. It is put together so that it does not find itself.
var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX)\b`)

// unfinishedWork: nothing is put off in comments or texts.
func unfinishedWork(s source) []fault {
	return at(linesWith(s.text, unfinished), "puts work off", "do it, or take the line out")
}

// twice matches the header that makes a request repeatable.
var twice = regexp.MustCompile(`(?i)idempotency` + `-key`)

// idempotency: with such a header Go's transport takes leave to send a request again. Comments may speak of it.
func idempotency(s source) []fault {
	if strings.HasSuffix(s.path, "_test.go") {
		return nil // tests look for its absence
	}
	var lines []int
	ast.Inspect(s.file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && twice.MatchString(lit.Value) {
			lines = append(lines, s.line(lit.Pos()))
		}
		return true
	})
	return at(lines, "names the header that makes requests repeatable",
		"with it Go's transport sends a request again by itself: rely on the journal and on reading back")
}

func linesWith(text string, wanted *regexp.Regexp) []int {
	var lines []int
	n := 0
	for line := range strings.Lines(text) {
		n++
		if wanted.MatchString(line) {
			lines = append(lines, n)
		}
	}
	return lines
}

func at(lines []int, what, say string) []fault {
	faults := make([]fault, 0, len(lines))
	for _, line := range lines {
		faults = append(faults, fault{line, what, say})
	}
	return faults
}

func TestArchitecture(t *testing.T) {
	t.Parallel()
	r := readTree(t)
	if len(r.sources) < 10 {
		t.Fatalf("only %d Go files found: the test looks in the wrong place", len(r.sources))
	}
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range r.sources {
				for _, f := range rule.check(s) {
					t.Errorf("%s:%d %s: %s", s.path, f.line, f.what, f.say)
				}
			}
		})
	}
	t.Run("top level", func(t *testing.T) {
		t.Parallel()
		for _, f := range topLevel(r.top, r.ignored) {
			t.Error(f)
		}
	})
	t.Run("go.mod", func(t *testing.T) {
		t.Parallel()
		for _, f := range modFaults(r.gomod) {
			t.Error(f)
		}
	})
}

// topEntries is all that may stand at the repository's top, beside dotfiles.
var topEntries = []string{
	"cmd", "tui", "vastapi", "store", "go.mod", "go.sum", "README.md", "Makefile", "screenshots", "LICENSE",
}

// topLevel says which entries of the root do not belong there. What git ignores does not count.
func topLevel(entries, ignored []string) []string {
	var faults []string
	for _, e := range entries {
		if !strings.HasPrefix(e, ".") && !slices.Contains(topEntries, e) && !slices.Contains(ignored, e) {
			faults = append(faults, fmt.Sprintf(
				"%s stands at the top level: move it into one of %s", e, strings.Join(topEntries, " ")))
		}
	}
	return faults
}

// modFaults says what must not stand in go.mod: it would keep the program from being installed by its path.
func modFaults(gomod string) []string {
	var faults []string
	for i, line := range strings.Split(gomod, "\n") {
		if word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word == "replace" || word == "exclude" {
			faults = append(faults, fmt.Sprintf("go.mod:%d has a %s directive: go install refuses it; pin a version that works",
				i+1, word))
		}
	}
	return faults
}

func TestEveryRuleFindsWhatItForbids(t *testing.T) {
	t.Parallel()
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			if len(rule.bad) == 0 || len(rule.good) == 0 {
				t.Fatal("a rule needs a file that breaks it and one that does not")
			}
			for _, f := range rule.bad {
				faults := faultsIn(t, rule, f)
				if len(faults) == 0 {
					t.Errorf("nothing found in %s:\n%s", f.path, f.text)
				}
				for _, found := range faults {
					if found.line == 0 || found.what == "" || len(found.say) < 20 {
						t.Errorf("%s: a fault that does not say where, what and what to do: %+v", f.path, found)
					}
				}
			}
			for _, f := range rule.good {
				if faults := faultsIn(t, rule, f); len(faults) > 0 {
					t.Errorf("%s is allowed, but: %+v\n%s", f.path, faults, f.text)
				}
			}
		})
	}
}

func faultsIn(t *testing.T, r rule, f fake) []fault {
	t.Helper()
	text := f.text
	if !strings.HasPrefix(text, "package") {
		text = "package " + path.Base(path.Dir(f.path)) + "\n" + text
	}
	s, err := parse(f.path, text)
	if err != nil {
		t.Fatalf("%s: %v", f.path, err)
	}
	return r.check(s)
}

func TestEveryLayerRefusesWhatItMustNotImport(t *testing.T) {
	t.Parallel()
	used := map[int]bool{}
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{"vastapi/vastsim", "vastapi", false}, {"vastapi/vastsim", "vastapi/safetext", false},
		{"vastapi/safetext", "vastapi", false},
		{"vastapi", "vastapi/safetext", true}, {"vastapi", "vastapi/pricing", false}, {"vastapi", "store", false},
		{"vastapi/rental", "vastapi/pricing", true}, {"vastapi/rental", "vastapi/offerql", true},
		{"vastapi/rental", "vastapi/remote", false}, {"vastapi/rental", "store", false},
		{"vastapi/pricing", "vastapi", true}, {"vastapi/pricing", "vastapi/rental", false},
		{"vastapi/offerql", "vastapi/pricing", false}, {"vastapi/remote", "vastapi/rental", false},
		{"vastapi/pricing", "vastapi/vastsim", false},
		{"store", "vastapi", false}, {"store", "tui/view", false},
		{"tui/theme", "vastapi", false},
		{"tui/widget/table", "tui/widget/fit", true}, {"tui/widget/table", "tui/view", false},
		{"tui/widget/table", "vastapi", false},
		{"tui/feed", "vastapi", true}, {"tui/feed", "tui/view", false}, {"tui/feed", "store", false},
		{"tui/command", "vastapi/rental", true}, {"tui/command", "tui/view", false}, {"tui/command", "tui/offers", false},
		{"tui/view", "tui/command", true}, {"tui/view", "tui/dialog", false},
		{"tui/copying", "tui/listing", true}, {"tui/copying", "tui/feed", false}, {"tui/copying", "tui/offers", false}, {"tui/offers", "tui/copying", true},
		{"tui/listing", "tui/view", true}, {"tui/listing", "tui/command", false}, {"tui/listing", "tui/offers", false},
		{"tui/status", "tui/widget/pane", true}, {"tui/status", "tui/view", false}, {"tui/offers", "tui/status", true},
		{"tui/dialog", "tui/view", true}, {"tui/dialog", "tui/offers", false}, {"tui/dialog", "tui", false},
		{"tui/tuitest/solo", "tui/view", true}, {"tui/tuitest/solo", "tui/offers", false}, {"tui/offers", "tui/listing", true},
		{"tui/tuitest", "tui/tuitest/cells", true}, {"tui/tuitest", "tui", false},
		{"tui", "tui/offers", true}, {"tui", "store", false}, {"tui", "vastapi/vastsim", false}, {"tui", "tui/tuitest", false},
		{"tui/offers", "tui/view", true}, {"tui/offers", "tui/widget/table", true}, {"tui/offers", "vastapi/remote", true},
		{"tui/offers", "tui/instances", false}, {"tui/offers", "tui", false}, {"tui/offers", "tui/dialog", false},
		{"tui/offers", "vastapi/vastsim", false}, {"tui/offers", "store", false},
		{"cmd/shots", "tui/tuitest/cells", true}, {"cmd/shots", "tui", false},
		{"cmd/vastsim", "vastapi/vastsim", true}, {"cmd/vastsim", "vastapi", false},
		{"cmd/vastdeck", "store", true}, {"cmd/vastdeck", "vastapi/vastsim", true}, {"cmd/vastdeck", "cmd/shots", false},
		{"cmd/vastdeck", "tui/tuitest", false},
		{"elsewhere", "vastapi", false},
	} {
		s, err := parse(c.from+"/x.go", "package x\nimport _ \""+module+"/"+c.to+"\"\n")
		if err != nil {
			t.Fatal(err)
		}
		if got := len(ownImports(s)) == 0; got != c.allowed {
			t.Errorf("%s imports %s: allowed %v, want %v", c.from, c.to, got, c.allowed)
		}
		if !c.allowed {
			used[slices.IndexFunc(layers, func(l layer) bool { return matches(l.at, c.from) })] = true
		}
	}
	for i, l := range layers {
		if !used[i] {
			t.Errorf("no case shows that the layer of %v refuses anything", l.at)
		}
	}
}

func TestTopLevelAndModuleFileAreKept(t *testing.T) {
	t.Parallel()
	if got := topLevel(append([]string{".git", ".ci", "bin"}, topEntries...), []string{"bin"}); len(got) != 0 {
		t.Errorf("the listed entries are refused: %v", got)
	}
	if got := topLevel([]string{"cmd", "internal", "docs", "bin"}, nil); len(got) != 3 {
		t.Errorf("strange entries pass: %v", got)
	}
	if got := modFaults("module x\n\ngo 1.26.0\nrequire a v1\n"); len(got) != 0 {
		t.Errorf("a plain go.mod is refused: %v", got)
	}
	if got := modFaults("module x\nreplace a => b\nexclude c v1\nreplace (\n"); len(got) != 3 {
		t.Errorf("directives pass: %v", got)
	}
}
