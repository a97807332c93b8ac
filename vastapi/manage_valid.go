package vastapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// MaxCommand is how many bytes a command of ExecuteCommand may have (published
// description).
const MaxCommand = 512

// commands are what ExecuteCommand runs (published description).
var commands = []string{"ls", "rm", "du"}

// Validate reports what the API would refuse.
func (c RecycleInstance) Validate() error { return needID(c.ID) }

// Validate reports what the API would refuse.
func (c UpdateInstance) Validate() error {
	switch {
	case c.Template == "" && c.Image == "" && len(c.Env) == 0 && c.OnStart == "":
		return errors.New("there is nothing to update")
	case hash(c.Template) != c.Template:
		return errors.New("the template is not named by its hash")
	case len(c.Image) > maxImage || strings.ContainsFunc(c.Image, unicode.IsSpace):
		return fmt.Errorf("an image name of 1 to %d bytes without spaces is needed", maxImage)
	case len(c.OnStart) > MaxOnStart:
		return fmt.Errorf("the start script has %d bytes, at most %d are taken", len(c.OnStart), MaxOnStart)
	}
	if err := (CreateInstance{Env: c.Env}).validEnv(); err != nil {
		return err
	}
	return needID(c.ID)
}

// Validate reports what the API would refuse.
func (c AcceptPriceIncrease) Validate() error { return c.Increase.valid() }

// Validate reports what the API would refuse.
func (c RejectPriceIncrease) Validate() error { return c.Increase.valid() }

func (id PriceIncreaseID) valid() error {
	if id <= 0 {
		return errors.New("no price increase is named")
	}
	return nil
}

// Validate reports what the API would refuse, and what a shell would make more of
// than one command.
func (c ExecuteCommand) Validate() error {
	words := strings.Fields(c.Command)
	switch {
	case len(words) == 0:
		return errors.New("there is no command")
	case len(c.Command) > MaxCommand:
		return fmt.Errorf("the command has %d bytes, at most %d are taken", len(c.Command), MaxCommand)
	case !slices.Contains(commands, words[0]):
		return fmt.Errorf("only %s can be run without ssh, not %s", strings.Join(commands, ", "), quoted(words[0]))
	}
	if at := strings.IndexFunc(c.Command, isShellSign); at >= 0 {
		sign := c.Command[at:]
		for n := range sign {
			if n > 0 {
				sign = sign[:n]
				break
			}
		}
		return fmt.Errorf("%s cannot stand in a command that is run without ssh", quoted(sign))
	}
	return needID(c.ID)
}

// isShellSign reports whether r could make a shell do something else than run one
// command on the names that stand there: also a pattern is refused, since nobody
// can say beforehand what it names.
func isShellSign(r rune) bool {
	return r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) ||
		strings.ContainsRune("|&;<>()$`\\\"'*?[]{}!#~", r)
}

// Deletes reports whether the command removes files.
func (c ExecuteCommand) Deletes() bool {
	words := strings.Fields(c.Command)
	return len(words) > 0 && words[0] == "rm"
}

// Validate reports what the API would refuse.
func (c AttachSSHKey) Validate() error {
	if err := publicKey(c.Key); err != nil {
		return err
	}
	return needID(c.ID)
}

// Validate reports what the API would refuse.
func (c DetachSSHKey) Validate() error {
	if c.Key <= 0 {
		return errNoSSHKey
	}
	return needID(c.ID)
}
