package rental

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Image is the name of a docker image, taken apart.
type Image struct {
	Repo   string // "pytorch/pytorch", "ghcr.io/org/app"
	Tag    string // "" = none was given: docker takes latest
	Digest string // "sha256:…", "" = none
}

// automaticTag lets the server choose the tag that fits the machine.
const automaticTag = "@vastai-automatic-tag"

// imageForm is docker's grammar of a reference, in ASCII: repo[:tag][@digest].
var imageForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^((?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?` +
		`[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*)` +
		`(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,128}))?$`)
})

// ParseImage takes an image's name apart. The error is a FieldError for "image".
func ParseImage(name string) (Image, error) {
	if repo, ok := strings.CutSuffix(name, ":"+automaticTag); ok {
		image, err := ParseImage(repo)
		image.Tag = automaticTag
		return image, err
	}
	switch {
	case name == "":
		return Image{}, FieldError{"image", "an image is needed, e.g. pytorch/pytorch:latest"}
	case len(name) > maxImage:
		return Image{}, FieldError{"image", "at most " + strconv.Itoa(maxImage) + " characters"}
	case strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }):
		return Image{}, FieldError{"image", "an image has no spaces or special characters"}
	}
	parts := imageForm().FindStringSubmatch(name)
	if parts == nil {
		return Image{}, FieldError{"image", imageAdvice(name)}
	}
	return Image{Repo: parts[1], Tag: parts[2], Digest: parts[3]}, nil
}

func imageAdvice(name string) string {
	switch repo, _, _ := strings.Cut(name, "@"); {
	case strings.Contains(name, "://"):
		return "an image has no protocol: take away what stands before ://"
	case strings.ToLower(repo) != repo && imageForm().MatchString(strings.ToLower(name)):
		return "the name of an image is in lower case; only a tag may have capitals"
	case strings.Contains(name, "@"):
		return "after @ comes a digest: sha256: and 64 digits of 0-9 a-f"
	}
	return "write repository/name, then :tag or @digest if you want one, e.g. pytorch/pytorch:latest"
}

// cudaMarks finds a version of CUDA in an image's name: cuda12.4, cuda-12.8,
// cuda:12.4.1, cu124.
var cudaMarks = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^a-z])(?:cuda[-_:]?v?([0-9]{1,2})\.([0-9]{1,2})|cuda[-_:]?([0-9]{2})([0-9])(?:[^0-9.]|$)|cu([0-9]{2})([0-9])(?:[^0-9]|$))`)
})

// ImageCUDA is the version of CUDA that the name of an image speaks of, e.g. 12.8
// for nvidia/cuda:12.8.1-devel-ubuntu24.04, pytorch:2.4.0-cuda12.8-cudnn9 and
// vllm:cu128; false when it speaks of none.
func ImageCUDA(name string) (version float64, ok bool) {
	parts := cudaMarks().FindStringSubmatch(strings.ToLower(name))
	for n := 1; n+1 < len(parts); n += 2 {
		if parts[n] != "" {
			version, err := strconv.ParseFloat(parts[n]+"."+parts[n+1], 64)
			return version, err == nil && version >= 7 && version < 30
		}
	}
	return 0, false
}
