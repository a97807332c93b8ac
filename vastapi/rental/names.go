package rental

import (
	"strings"

	"vastdeck/vastapi"
)

// nameWords are short words that are told apart when read aloud.
var nameWords = [...]string{
	"amber", "birch", "cedar", "coral", "crane", "delta", "ember", "falcon", "fern", "finch", "flint", "fox", "garnet", "hazel",
	"heron", "indigo", "iris", "jade", "juniper", "kestrel", "lark", "laurel", "lotus", "maple", "marten", "mesa", "moss", "nova",
	"oak", "onyx", "orca", "osprey", "otter", "pine", "plover", "quartz", "raven", "reed", "robin", "sage", "slate", "sparrow",
	"spruce", "swift", "tern", "thistle", "topaz", "tundra", "violet", "vole", "walnut", "willow", "wren", "yarrow", "zinnia", "zephyr",
}

// SuggestName is a name for an instance on o, e.g. "rtx-4090-otter": the model
// and a word that n chooses. It is always a valid name.
func SuggestName(o *vastapi.Offer, n uint64) string {
	word := nameWords[n%uint64(len(nameWords))]
	var gpu strings.Builder
	for _, r := range strings.ToLower(o.GPUName.String()) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			gpu.WriteRune(r)
		case gpu.Len() > 0 && !strings.HasSuffix(gpu.String(), "-"):
			gpu.WriteByte('-')
		}
	}
	const room = 24
	model := gpu.String()
	model = strings.Trim(model[:min(len(model), room)], "-")
	if model == "" {
		return "gpu-" + word
	}
	return model + "-" + word
}
