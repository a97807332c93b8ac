package store

import (
	"os"
	"path/filepath"
	"testing"
)

// What a look says is what opening the file does afterwards, and looking changes nothing.
func TestALookAtTheStateSaysWhatOpeningItWillDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text             string
		want             StateHealth
		notice, readOnly bool
	}{
		"sound":    {`{"version":2,"data":{}}`, StateSound, false, false},
		"garbled":  {`{"x`, StateDamaged, true, false},
		"a list":   {`[]`, StateDamaged, true, false},
		"no data":  {`{"version":2}`, StateDamaged, true, false},
		"old":      {`{"version":1,"data":{}}`, StateSound, false, false},
		"newer":    {`{"version":99,"data":{}}`, StateNewer, true, true},
		"no state": {`{"version":2,"data":7}`, StateDamaged, true, false},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "state.json")
		if got := CheckState(path); got != StateNone {
			t.Errorf("%s: without a file: %d", name, got)
		}
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := CheckState(path); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != c.text {
			t.Errorf("%s: looking left %q, %v", name, left, err)
		}
		f, notice := OpenState(dir)
		if (notice != "") != c.notice || f.ReadOnly() != c.readOnly {
			t.Errorf("%s: opening says %q, read-only %t", name, notice, f.ReadOnly())
		}
	}
}
