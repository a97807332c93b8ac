package rental

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/vastapi"
)

// ConsentKind is how a plan is agreed to.
type ConsentKind uint8

// The kinds of consent.
const (
	ConsentNone   ConsentKind = iota // carried out at once
	ConsentChoose                    // a button is chosen; the safe one has the focus
	ConsentType                      // words are typed
)

// Consent is what it takes to agree to a plan.
type Consent struct {
	Kind  ConsentKind
	Words string // for ConsentType: the line that has to be typed, exactly
}

// Agrees reports whether line, as typed, agrees. Only words can be typed: for
// the other kinds no line does.
func (c Consent) Agrees(line string) bool {
	return c.Kind == ConsentType && c.Words != "" && line == c.Words
}

// destroyWords are the last four digits of the only target's id, or the number
// of targets.
func destroyWords(targets []vastapi.Instance) string {
	if len(targets) > 1 {
		return fmt.Sprintf("destroy %d", len(targets))
	}
	id := targets[0].ID.String()
	return id[max(0, len(id)-4):]
}

// overCaps makes of a choice the typing of the figures that are above a cap,
// equal ones once. After a failed check that is final no words do.
func overCaps(c Consent, checks []Check) Consent {
	if blocked(checks) {
		return Consent{Kind: ConsentType} // no words agree
	}
	var figures []string
	for _, check := range checks {
		if !check.OK && !slices.Contains(figures, check.Figure) {
			figures = append(figures, check.Figure)
		}
	}
	if len(figures) == 0 || c.Kind == ConsentType {
		return c
	}
	return Consent{Kind: ConsentType, Words: strings.Join(figures, " ")}
}
