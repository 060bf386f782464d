package workspace

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Slack's own schema of an app's manifest, version 2.0.0 (MIT licence, Copyright
// Slack Technologies, LLC).
//
//go:embed manifest.schema.json
var manifestSchema []byte

// rewritten are patterns of the schema that look ahead, which Go's regular
// expressions can't, and the same without.
var rewritten = map[string]string{
	`^(?![\.\-])([-a-z0-9\.])+([a-z0-9])$`: `^[a-z0-9][-a-z0-9.]*[a-z0-9]$`,
}

func compilePattern(pattern string) (jsonschema.Regexp, error) {
	return regexp.Compile(cmp.Or(rewritten[pattern], pattern)) //nolint:wrapcheck // a test compiles them all
}

var compiledSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	const name = "manifest.schema.json"
	content, err := jsonschema.UnmarshalJSON(bytes.NewReader(manifestSchema))
	if err != nil {
		return nil, err //nolint:wrapcheck // a test compiles it: cannot happen
	}
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(compilePattern)
	if err := c.AddResource(name, content); err != nil {
		return nil, err //nolint:wrapcheck // likewise
	}
	return c.Compile(name) //nolint:wrapcheck // likewise
})

// checkSchema refuses a manifest that Slack's schema does not take, and says where.
func checkSchema(raw []byte) error {
	file, err := parser.ParseBytes(raw, 0)
	if err != nil {
		return fmt.Errorf("read the app's manifest: %w", err)
	}
	var content any
	if err := yaml.Unmarshal(raw, &content); err != nil {
		return fmt.Errorf("read the app's manifest: %w", err)
	}
	schema, err := compiledSchema()
	if err != nil {
		return fmt.Errorf("compile Slack's schema of manifests: %w", err)
	}
	wrong, ok := errors.AsType[*jsonschema.ValidationError](schema.Validate(content))
	if !ok {
		return nil
	}
	var all []error
	for _, m := range mistakes(wrong) {
		at := place(file, m.path)
		all = append(all, fmt.Errorf("the app's manifest, line %d, column %d: %s: %s", at.Line, at.Column, m.where(), m.what))
	}
	return errors.Join(all...)
}

// mistake is something that a schema does not take.
type mistake struct {
	path []string
	what string
}

// where names the place by its keys.
func (m mistake) where() string {
	if len(m.path) == 0 {
		return "the whole"
	}
	return strings.Join(m.path, ".")
}

// mistakes returns what is wrong at the ends of an error's tree.
func mistakes(e *jsonschema.ValidationError) (all []mistake) {
	if more, ok := e.ErrorKind.(*kind.AdditionalProperties); ok {
		for _, key := range more.Properties {
			all = append(all, mistake{append(slices.Clone(e.InstanceLocation), key), "Slack knows no such key"})
		}
		return all
	}
	for _, cause := range e.Causes {
		all = append(all, mistakes(cause)...)
	}
	if len(e.Causes) == 0 {
		what := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
		all = append(all, mistake{e.InstanceLocation, what})
	}
	return all
}

// place returns where the last key on a path is written, as far as it is.
func place(file *ast.File, path []string) *token.Position {
	at := &token.Position{Line: 1, Column: 1}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return at
	}
	node := file.Docs[0].Body
	for _, key := range path {
		switch n := node.(type) {
		case *ast.MappingNode:
			i := slices.IndexFunc(n.Values, func(v *ast.MappingValueNode) bool { return v.Key.GetToken().Value == key })
			if i < 0 {
				return at
			}
			at, node = n.Values[i].Key.GetToken().Position, n.Values[i].Value
		case *ast.SequenceNode:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(n.Values) {
				return at
			}
			node = n.Values[i]
			at = node.GetToken().Position
		default:
			return at
		}
	}
	return at
}
