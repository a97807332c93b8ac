package vastapi

import (
	"strings"
	"testing"
)

func TestSecretsInScriptsAreMaskedAndTheRestIsShown(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"export HF_TOKEN=hf_SUPERSECRET":                              "export HF_TOKEN=…",
		`HF_TOKEN="hunter2 and more" python train.py`:                 "HF_TOKEN=… python train.py",
		"cd /workspace && BATCH=16 python train.py --epochs 3":        "cd /workspace && BATCH=16 python train.py --epochs 3",
		"API_KEY='a b';DB_PASSWORD=x&&run":                            "API_KEY=…;DB_PASSWORD=…&&run",
		`curl -H "Authorization: Bearer abc.def" https://x.example/a`: `curl -H "Authorization: Bearer …" https://x.example/a`,
		"git clone https://me:hunter2@github.com/a/b":                 "git clone https://me:…@github.com/a/b",
		"git clone https://hunter2@github.com/a/b":                    "git clone https://…@github.com/a/b",
		"tool login --token hunter2 --verbose":                        "tool login --token … --verbose",
		"tool --password=hunter2":                                     "tool --password=…",
		"wandb login 0123456789abcdef0123456789abcdef01234567":        "wandb login …",
		"export TOKEN=$HF_TOKEN":                                      "export TOKEN=$HF_TOKEN",
		`echo '{"api_key": "hunter2", "n": 3}'`:                       `echo '{"api_key": …, "n": 3}'`,
		"pip install x; echo hf_abcdefghijkl":                         "pip install x; echo …",
		"git@github.com:a/b":                                          "git@github.com:a/b",
	} {
		if got := MaskScript(line); got != want {
			t.Errorf("%q is shown as %q, want %q", line, got, want)
		}
	}
}

func TestRawInstanceMasksSecretsInItsStartScript(t *testing.T) {
	t.Parallel()
	lines, err := rawInstance([]byte(`{"instances":[{"id":7,"onstart":"export HF_TOKEN=hunter2\ncd /workspace && go <x>","image_args":"--token hunter2 -v"}]}`), 7)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	for _, l := range lines.All() {
		text += l + "\n"
	}
	for want, there := range map[string]bool{"hunter2": false, `HF_TOKEN=…\ncd /workspace && go <x>`: true, "--token … -v": true} {
		if strings.Contains(text, want) != there {
			t.Errorf("%q: %v in %s", want, !there, text)
		}
	}
}
