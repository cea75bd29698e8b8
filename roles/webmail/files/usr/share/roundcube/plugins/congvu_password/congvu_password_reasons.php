<?php

declare(strict_types=1);

/**
 * The rules for passwords, and why one is refused, in the words of people.
 */
class congvu_password_reasons
{
    /**
     * Name the rules in force, in the order in which people read them, by what checks them.
     *
     * @param Closure $text  gives a label's text
     * @param array   $rules as `congvu_password_directory` reads them
     *
     * @return array<string, string>
     */
    public static function rules(Closure $text, array $rules, string $uid): array
    {
        $told = [];
        foreach (['length', 'upper', 'lower', 'digit', 'special', 'history'] as $rule) {
            if ($rules[$rule] > 0) {
                $told[$rule] = $text(['name' => "rule_{$rule}", 'vars' => ['number' => $rules[$rule]]]);
            }
        }
        $told['name'] = $text(['name' => 'rule_name', 'vars' => ['uid' => $uid]]);

        return $told;
    }

    /**
     * Say why a password was refused: `[reason]`, or `[reason, number]` where the reason has one.
     */
    public static function told(Closure $text, array $reason): string
    {
        return $text(['name' => "refused_{$reason[0]}", 'vars' => ['number' => $reason[1] ?? '']]);
    }
}
