package main_test

import (
	"path"
	"slices"
	"strings"
)

// layer says what the packages of one part of the tree may import of the program's own.
type layer struct {
	// at are the folders: exact, or everything below with a trailing "/…".
	at []string
	// may are the folders that may be imported, written like at.
	may []string
	// say tells what to do instead.
	say string
}

// viewImports is what a view may import: its contract, what it draws with and the data it shows.
var viewImports = []string{
	"tui/view", "tui/listing", "tui/copying", "tui/status", "tui/feed", "tui/command", "tui/theme", "tui/widget/…",
	"vastapi", "vastapi/safetext", "vastapi/offerql", "vastapi/pricing", "vastapi/rental", "vastapi/remote",
}

// layers is the import matrix. The first layer that holds a package decides.
var layers = []layer{
	{
		at:  []string{"vastapi/vastsim/…"},
		say: "the simulator is a second, independent reading of the documentation: copy the few lines it needs",
	},
	{
		at:  []string{"vastapi/safetext/…"},
		say: "safetext lies below everything: move what it needs into it, or hand it over as an argument",
	},
	{
		at: []string{"vastapi"}, may: []string{"vastapi/safetext"},
		say: "the client lies below its subpackages: move the type down into vastapi, or take a function as an option",
	},
	{
		at: []string{"vastapi/rental/…"}, may: []string{"vastapi", "vastapi/safetext", "vastapi/pricing", "vastapi/offerql"},
		say: "plans know the client, prices and queries: declare a small interface in rental for anything else",
	},
	{
		at: []string{"vastapi/…"}, may: []string{"vastapi", "vastapi/safetext"},
		say: "subpackages of vastapi know the client and safetext only, rental also pricing and offerql: " +
			"move the shared type into vastapi",
	},
	{
		at:  []string{"store/…"},
		say: "store knows neither Vast nor the terminal: take bytes, strings or a type of store's own",
	},
	{
		at:  []string{"tui/theme/…"},
		say: "the theme knows colours only: choose the style where the thing is drawn",
	},
	{
		at: []string{"tui/widget/…"}, may: []string{"tui/widget/…", "tui/theme", "vastapi/safetext"},
		say: "widgets draw what they are given: take the text, the rows or a function as an argument",
	},
	{
		at: []string{"tui/feed/…"}, may: []string{
			"vastapi", "vastapi/safetext", "vastapi/offerql", "vastapi/pricing", "vastapi/rental", "vastapi/remote",
		},
		say: "the snapshot is data of the API: let a command's answer fold itself into it",
	},
	{
		at: []string{"tui/command/…"}, may: []string{
			"tui/feed", "store", "vastapi", "vastapi/safetext", "vastapi/offerql", "vastapi/pricing", "vastapi/rental",
			"vastapi/remote",
		},
		say: "commands fetch and execute: return an answer message and let the view or the root act on it",
	},
	{
		at: []string{"tui/view/…"}, may: []string{
			"tui/feed", "tui/command", "tui/theme", "vastapi", "vastapi/safetext", "vastapi/pricing", "vastapi/rental",
			"vastapi/remote",
		},
		say: "the contract of views lies below them: describe the wish as an Intent, the form as data",
	},
	{
		at: []string{"tui/listing/…"}, may: []string{
			"tui/view", "tui/feed", "tui/theme", "tui/widget/…", "vastapi/safetext", "vastapi/offerql",
		},
		say: "what lists have in common knows no rows: hand them over, and what is done with them as functions",
	},
	{
		at: []string{"tui/copying/…"}, may: []string{
			"tui/view", "tui/listing", "tui/theme", "vastapi", "vastapi/safetext", "vastapi/pricing", "vastapi/rental", "vastapi/remote",
		},
		say: "what can be copied of a view's own rows stands in that view: hand the lines over",
	},
	{
		at: []string{"tui/status/…"}, may: []string{"tui/theme", "tui/widget/…", "vastapi/rental"},
		say: "how a state is drawn asks nobody: hand the states over",
	},
	{
		at: []string{"tui/dialog/…"}, may: []string{
			"tui/view", "tui/theme", "tui/widget/…", "vastapi", "vastapi/safetext", "vastapi/pricing", "vastapi/rental",
		},
		say: "dialogs draw plans and forms: hand them over as data through tui/view",
	},
	{
		at: []string{"tui/tuitest/solo"}, may: []string{"tui/view", "tui/widget/fit"},
		say: "what presses a single view knows the contract alone: hand the view over",
	},
	{
		at: []string{"tui/tuitest/…"}, may: []string{"tui/tuitest/…"},
		say: "the harness takes any tea.Model: build the program in the test that starts it",
	},
	{
		at: []string{"tui"}, may: []string{
			"tui/…", "vastapi", "vastapi/safetext", "vastapi/offerql", "vastapi/pricing", "vastapi/rental", "vastapi/remote",
		},
		say: "the root asks for small interfaces in Deps: wire the rest in cmd/vastdeck",
	},
	{
		at: []string{"tui/…"}, may: viewImports,
		say: "views do not know each other, the root or dialogs: return view.Goto{…}, view.Confirm{…} or view.Ask{…} instead",
	},
	{
		at: []string{"cmd/shots"}, may: []string{"tui/tuitest/cells"},
		say: "shots draws .cells files and nothing else: let a scene in tui/tuitest write what it needs",
	},
	{
		at: []string{"cmd/vastsim"}, may: []string{"vastapi/vastsim"},
		say: "the simulator's program serves the simulator: put logic into vastapi/vastsim",
	},
	{
		at: []string{"cmd/…"}, may: []string{"tui/…", "vastapi/…", "store/…"},
		say: "a command is imported by nobody: move what is shared into vastapi, store or tui",
	},
}

// matches reports whether a folder is one of the patterns.
func matches(patterns []string, folder string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		below, all := strings.CutSuffix(p, "/…")
		return folder == below || all && strings.HasPrefix(folder, below+"/")
	})
}

// ownImports checks the import matrix. Test files may import anything but commands: that two packages agree can only
// be tested by one that knows both.
func ownImports(s source) []fault {
	var faults []fault
	for p, line := range s.imports() {
		target, ours := strings.CutPrefix(p, module+"/")
		if !ours || target == s.folder() {
			continue
		}
		if matches([]string{"cmd/…"}, target) {
			faults = append(faults, fault{line, "imports " + p, "a command is imported by nobody: " +
				"move what is shared into vastapi, store or tui"})
			continue
		}
		if s.test() {
			continue
		}
		i := slices.IndexFunc(layers, func(l layer) bool { return matches(l.at, s.folder()) })
		switch {
		case i < 0:
			faults = append(faults, fault{line, "imports " + p, "packages lie under cmd, tui, vastapi or store: " +
				"move it there"})
		case !matches(layers[i].may, target):
			faults = append(faults, fault{line, "imports " + p, layers[i].say})
		case matches([]string{"tui/tuitest"}, target):
			faults = append(faults, fault{line, "imports " + p, "the harness is for tests: name it in _test.go files only"})
		}
	}
	return faults
}

// notViews are the folders under tui that are no view.
var notViews = []string{
	"tui/view/…", "tui/listing/…", "tui/copying/…", "tui/status/…", "tui/feed/…", "tui/command/…", "tui/theme/…", "tui/dialog/…", "tui/widget/…", "tui/tuitest/…",
}

// isView reports whether a folder holds a view.
func isView(folder string) bool {
	return matches([]string{"tui/…"}, folder) && folder != "tui" && !matches(notViews, folder)
}

// ban forbids an import to a part of the tree.
type ban struct {
	what string // import path, or the beginning of several with a trailing "/…"
	in   func(s source) bool
	say  string
}

var bans = []ban{
	{"charm.land/bubbletea/…", noTerminal, sayNoTerminal},
	{"charm.land/bubbles/…", noTerminal, sayNoTerminal},
	{"charm.land/lipgloss/…", noTerminal, sayNoTerminal},
	{"github.com/charmbracelet/bubbletea/…", anywhere, sayOldPath},
	{"github.com/charmbracelet/bubbles/…", anywhere, sayOldPath},
	{"github.com/charmbracelet/lipgloss/…", anywhere, sayOldPath},
	{
		"github.com/zalando/go-keyring",
		func(s source) bool { return s.path != "store/keyring.go" && !s.test() },
		"only store/keyring.go speaks to the keyring, with its time limits: use store.Secrets",
	},
	{
		"filippo.io/age/…",
		func(s source) bool { return s.path != "store/keyfile.go" && !s.test() },
		"only store/keyfile.go encrypts keys, with its limits: use store.KeyFile",
	},
	{"net/http", drawsOnly, "what draws speaks no protocol: add a load to tui/command"},
	{"os", drawsOnly, "what draws touches no machine: take the value from view.Env, or read files with command.ReadFile"},
	{"os/exec", drawsOnly, "what draws starts nothing: return view.Attach{…} or add a command to tui/command"},
	{
		module + "/store",
		func(s source) bool { return s.in("tui") && s.path != "tui/command/history.go" && !s.test() },
		"only tui/command/history.go knows the store: declare an interface in standard types where it is used",
	},
}

const sayNoTerminal = "vastapi and store know no terminal: return data and draw it under tui"

const sayOldPath = "that is the path of an older version, which draws differently: import it from charm.land"

// anywhere holds for every file.
func anywhere(source) bool { return true }

// noTerminal holds for packages that must work in a program without a screen; their tests too.
func noTerminal(s source) bool { return s.in("vastapi", "store") }

// drawsOnly holds for views and what they are made of. Tests may read files and the like.
func drawsOnly(s source) bool {
	return !s.test() && (isView(s.folder()) || s.in("tui/view", "tui/listing", "tui/copying", "tui/status", "tui/feed", "tui/theme", "tui/dialog", "tui/widget"))
}

// bannedImports checks the imports that are forbidden to parts of the tree.
func bannedImports(s source) []fault {
	var faults []fault
	for p, line := range s.imports() {
		for _, b := range bans {
			if matches([]string{b.what}, p) && b.in(s) {
				faults = append(faults, fault{line, "imports " + p, b.say})
			}
		}
	}
	for _, spec := range s.file.Imports {
		if spec.Name != nil && spec.Name.Name == "." {
			faults = append(faults, fault{s.line(spec.Pos()), "imports " + spec.Path.Value + " without a name",
				"names without their package hide from the reader and from these rules: import it by its name"})
		}
	}
	return faults
}

// badNames are names that say nothing about what a package knows.
var badNames = []string{
	"util", "utils", "common", "helper", "helpers", "types", "constants", "misc", "base", "core", "shared", "internal", "pkg",
}

// packageNames checks the names of packages and folders.
func packageNames(s source) []fault {
	const say = "name the package after the one thing it knows, and put it where that belongs"
	name := strings.TrimSuffix(s.file.Name.Name, "_test")
	if slices.Contains(badNames, name) {
		return []fault{{s.line(s.file.Name.Pos()), "is in a package called " + name, say}}
	}
	for dir := s.folder(); dir != "."; dir = path.Dir(dir) {
		if slices.Contains(badNames, path.Base(dir)) {
			return []fault{{1, "lies in a folder called " + path.Base(dir), say}}
		}
	}
	return nil
}
