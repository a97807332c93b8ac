package rental

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// UndoRead is the way back from what only reads.
const UndoRead Undo = "nothing is changed"

// maxCommandShown is how much of a command a plan quotes.
const maxCommandShown = 200

// PlanExecute plans to run one of the commands that the API runs without ssh, also
// on stopped instances: ls, du or rm. The first two are carried out at once; rm
// deletes, so words are typed. What a command prints is named by its
// StepResult.Output and read with Client.Output. Instances that cannot be reached
// are left out, with a warning.
func PlanExecute(targets []vastapi.Instance, command string, d Desk) (Plan, error) {
	d = d.sure()
	command = strings.Join(strings.Fields(command), " ")
	all, leaving, err := remaining(targets)
	if err != nil {
		return Plan{}, err
	}
	targets = keepIf(all, func(i *vastapi.Instance) bool { return Display(*i).Class != ClassLost })
	if len(targets) == 0 {
		return Plan{}, errors.New("no machine of these can be reached now: try again when it is back")
	}
	call := vastapi.ExecuteCommand{ID: targets[0].ID, Command: command}
	if err := checkCommand(call); err != nil {
		return Plan{}, err
	}
	verb, _, _ := strings.Cut(command, " ")
	p := lifecyclePlan(verb, targets, d)
	p.Title, p.Button = "Run "+verb+" on "+counted(len(targets), "instance"), "Run"
	p.Keep = "Cancel"
	p.Facts = append(p.Facts, Line{"command", safetext.Quote(command, maxCommandShown)})
	undo := UndoRead
	var w warnings
	w.leftOut(leaving, "being destroyed")
	w.add(len(all) > len(targets), Note, "%d cannot be reached now and %s left out", len(all)-len(targets), isAre(len(all)-len(targets)))
	if call.Deletes() {
		undo = UndoNever
		p.Title, p.Button = "Delete files on "+counted(len(targets), "instance"), "Delete"
		p.Consent = Consent{Kind: ConsentType, Words: deleteWords(targets)}
		w.add(true, Danger, "this cannot be undone: %s deleted", what(command))
		w.add(len(targets) > 1, Caution, "the same is deleted on all %d", len(targets))
	}
	for n := range targets {
		i := &targets[n]
		call.ID = i.ID
		p.addStep(i, instanceDetail(i), undo, call)
	}
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	p.Warnings = w
	return p, nil
}

// checkCommand says what is wrong with a command, before it is sent.
func checkCommand(c vastapi.ExecuteCommand) error {
	if err := c.Validate(); err != nil {
		return FieldError{"command", err.Error()}
	}
	if !c.Deletes() {
		return nil
	}
	paths := operands(c.Command)
	if len(paths) == 0 {
		return FieldError{"command", "rm needs the path of what is to be deleted"}
	}
	for _, p := range paths {
		if !strings.HasPrefix(p, "/") {
			return FieldError{"command", "a path that is deleted begins with /, e.g. /workspace/out: where else it would begin cannot be seen from here"}
		}
		if clean := path.Clean(p); strings.Count(clean, "/") < 2 {
			return FieldError{"command", fmt.Sprintf("%s is too much to delete: name what is below a folder of it", safetext.Quote(clean, maxQuoted))}
		}
	}
	return nil
}

// operands are the words of a command that are no options.
func operands(command string) []string {
	words := strings.Fields(command)[1:]
	if at := slices.Index(words, "--"); at >= 0 {
		return append(withoutOptions(words[:at]), words[at+1:]...)
	}
	return withoutOptions(words)
}

func withoutOptions(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.HasPrefix(w, "-") })
}

// what is what a command deletes, for a warning.
func what(command string) string {
	paths := operands(command)
	if len(paths) == 1 {
		return safetext.Quote(path.Clean(paths[0]), maxCommandShown) + " is"
	}
	return fmt.Sprintf("%d paths are", len(paths))
}

// deleteWords are what is typed to delete files: the last four digits of the only
// target's id, or the number of targets.
func deleteWords(targets []vastapi.Instance) string {
	if len(targets) > 1 {
		return fmt.Sprintf("rm %d", len(targets))
	}
	return destroyWords(targets)
}
