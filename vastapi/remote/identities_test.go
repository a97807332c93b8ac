package remote_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi/remote"
)

// identitiesOf are the keys that a command line names.
func identitiesOf(args []string) string {
	var names []string
	for _, a := range args {
		if path, ok := strings.CutPrefix(a, "IdentityFile="); ok {
			names = append(names, filepath.Base(path))
		}
	}
	return strings.Join(names, " ")
}

func TestKeysThatSSHDoesNotLookForAreNamedToIt(t *testing.T) {
	t.Parallel()
	for _, q := range []struct{ files, named string }{
		{"", ""},
		{"id_ed25519 id_rsa", ""}, // ssh finds them by itself
		{"id_vast id_vast.pub", "id_vast"},
		{"id_ed25519 id_rsa id_vast id_vast.pub deploy deploy.pub", "id_vast id_ed25519 id_rsa"},
		{"id_vast id_vast_2.pub", ""}, // halves without the other one
		{"id_vast id_vast.pub id_vast_2 id_vast_2.pub id_vast_3 id_vast_3.pub id_vast_4 id_vast_4.pub", "id_vast id_vast_2 id_vast_3"},
	} {
		dir := t.TempDir()
		h := newHome(t, func(o *remote.Options) { o.SSHDir = dir })
		for _, name := range strings.Fields(q.files) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := identitiesOf(h.Options(7, remote.Own)); got != "" {
			t.Errorf("before anything was looked for, it names %q", got)
		}
		h.FindIdentities()
		got := h.Options(7, remote.Own)
		if identitiesOf(got) != q.named || slices.Contains(got, "IdentitiesOnly=yes") {
			t.Errorf("%q: it names %q, want %q", q.files, identitiesOf(got), q.named)
		}
		text := h.RenderConfig([]remote.Target{target()})
		if strings.Count(text, "IdentityFile") < len(strings.Fields(q.named)) {
			t.Errorf("%q: the configuration lacks them:\n%s", q.files, text)
		}
	}
}

func TestKeyOfTheSettingsIsTheOnlyOneNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"id_vast", "id_vast.pub"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := newHome(t, func(o *remote.Options) { o.SSHDir, o.Identity = dir, "/keys/mine" })
	h.FindIdentities()
	if got := h.Options(7, remote.Own); identitiesOf(got) != "mine" || !slices.Contains(got, "IdentitiesOnly=yes") {
		t.Errorf("it names %q", identitiesOf(got))
	}
}

func TestKeysThatAreOfferedComeFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := newHome(t, func(o *remote.Options) { o.SSHDir = dir })
	for _, name := range []string{"deploy.pub", "id_ed25519.pub", "a.pub"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK3Zl2fT1oQyS9bV0c4mWn7eHxRjUu8aGd5pLsKqNi6B x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keys, err := h.LocalKeys()
	if err != nil || len(keys) != 3 || filepath.Base(keys[0].Path) != "id_ed25519.pub" || filepath.Base(keys[1].Path) != "a.pub" {
		t.Errorf("%+v, %v", keys, err)
	}
}
