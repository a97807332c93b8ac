package rental

import (
	"maps"
	"strings"
	"testing"
)

func TestAVeiledEnvironmentHidesSecretsAndComesBackWhole(t *testing.T) {
	t.Parallel()
	old := Env{"HF_TOKEN": "hunter2", "BATCH": "16", "NOTE": "two\nlines", "WORDS": "a b", "EMPTY": "", "-p 8080:8080": "1", "-h": "box"}
	text := old.Veiled()
	for _, hidden := range []string{"hunter2", "\n", "16", "a b"} {
		if strings.Contains(text, hidden) {
			t.Errorf("%q is shown in %q", hidden, text)
		}
	}
	for _, shown := range []string{"-h box", "-p 8080:8080", "BATCH=" + Masked, "WORDS=" + Masked, "HF_TOKEN=" + Masked} {
		if !strings.Contains(text, shown) {
			t.Errorf("%q is not in %q", shown, text)
		}
	}
	parse := func(text string) Env {
		t.Helper()
		env, err := ParseEnv(text)
		if err != nil {
			t.Fatal(err)
		}
		return env
	}
	read := parse(text)
	if back := read.Unveiled(old); !maps.Equal(back, old) {
		t.Errorf("it comes back as %q", back.Text())
	}
	edited := parse((strings.ReplaceAll(text, "HF_TOKEN="+Masked, "HF_TOKEN=new") + " -e NEW=" + Masked))
	if got := edited.Unveiled(old); got["HF_TOKEN"] != "new" || got["NOTE"] != "two\nlines" || got["NEW"] != Masked {
		t.Errorf("with a new token it is %q", got.Text())
	}
}
