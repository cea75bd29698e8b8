<?php

declare(strict_types=1);

/**
 * The fields of a form for a new password, and the rules beside them, which the page's script ticks off.
 */
final class congvu_password_form
{
    /**
     * @param Closure $text gives a label's text
     */
    public function __construct(private readonly Closure $text)
    {
    }

    /**
     * Ask for the present password.
     */
    public function present(): string
    {
        return $this->field('curpasswd', 'present', 'current-password', true);
    }

    /**
     * Ask for the new password, twice, and list the rules, each with what the script needs to check it while somebody types.
     *
     * @param array  $rules as `congvu_password_directory` reads them
     * @param string $uid   what the new password may not hold
     */
    public function wanted(array $rules, string $uid, bool $first = true): string
    {
        $items = '';
        foreach (congvu_password_reasons::rules($this->text, $rules, $uid) as $rule => $text) {
            $given = ['data-rule' => $rule, 'data-value' => $rule === 'name' ? $uid : (string) $rules[$rule]];
            $items .= html::tag('li', $given, rcube::Q($text), ['data-rule', 'data-value']);
        }

        return $this->field('newpasswd', 'new', 'new-password', $first)
            . $this->field('confpasswd', 'again', 'new-password', false)
            . html::tag('ul', ['id' => 'rules', 'class' => 'congvu-rules'], $items);
    }

    private function field(string $id, string $label, string $kind, bool $first): string
    {
        $input = new html_passwordfield([
            'name' => "_{$id}", 'id' => $id, 'size' => 40, 'required' => 'required', 'class' => 'form-control',
            'autocomplete' => $kind, 'autofocus' => $first, 'aria-describedby' => 'rules',
        ]);

        return html::div('form-group', html::label($id, rcube::Q(($this->text)($label))) . $input->show());
    }
}
