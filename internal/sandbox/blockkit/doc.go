// Package blockkit checks layouts as Slack does, before it shows them: the
// blocks of a message, and the views of modals and App Home.
//
// The rules are data. A [shape] names an object's properties and the rule for
// each; tables of shapes describe the blocks (blocks.go), the elements inside
// them (elements.go) and the small objects they share (objects.go). A few rules
// look at more than one property, and stand beside the shape they belong to.
// Problems carry Slack's wording and a JSON pointer to the place.
package blockkit
