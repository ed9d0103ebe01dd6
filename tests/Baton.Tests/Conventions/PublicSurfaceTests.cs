using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Baton.Core;

namespace Baton.Tests.Conventions;

/// <summary>What Baton.Core shows to others changes only on purpose: the approved text changes with it, in the same commit.</summary>
public sealed class PublicSurfaceTests
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_cores_public_surface_is_the_approved_one()
    {
        var approved = Path.Combine(Tree.Root, "tests/Baton.Tests/Conventions/Baton.Core.approved.txt");
        var received = Path.Combine(AppContext.BaseDirectory, "Baton.Core.received.txt");
        var now = Dump(typeof(IContactCenter).Assembly);
        File.WriteAllText(received, now);
        var before = File.Exists(approved) ? File.ReadAllLines(approved) : [];
        var changes = before.Except(now.Split('\n')).Where(l => l.Length > 0).Select(l => "- " + l).Concat(now.Split('\n').Except(before).Where(l => l.Length > 0).Select(l => "+ " + l)).ToList();
        changes.ShouldBeEmpty($"The public surface of Baton.Core has changed. If that is meant: cp {Tree.Relative(received)} {Tree.Relative(approved)}");
    }

    static string Dump(Assembly assembly) =>
        string.Concat(assembly.GetExportedTypes().OrderBy(Name, StringComparer.Ordinal).SelectMany(type => Members(type).Select(member => $"{Name(type)} {member}\n").Order(StringComparer.Ordinal).Prepend($"{Name(type)}: {Kind(type)}\n")));

    static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt32(Enum.Parse(type, name))}");
        // A serializer context's members are generated, one for each type it knows.
        if (type.IsAssignableTo(typeof(JsonSerializerContext))) return [];
        return type.GetMembers(Declared).Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !member.Name.Contains('<')).Select(Text).OfType<string>();
    }

    static string? Text(MemberInfo member) => member switch
    {
        PropertyInfo { GetMethod: { } get } p when IsSeen(get) && p.Name != "EqualityContract" =>
            $".{p.Name}: {Name(p.PropertyType)}{(p.SetMethod is { } set && IsSeen(set) ? set.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? " init" : " set" : "")}",
        FieldInfo f when f.IsPublic => $".{f.Name}: {Name(f.FieldType)}{(f.IsLiteral ? $" = {f.GetRawConstantValue()}" : "")}",
        ConstructorInfo c when IsSeen(c) => $"({Parameters(c)})",
        MethodInfo { IsSpecialName: false } m when IsSeen(m) && m.Name is not ("ToString" or "Equals" or "GetHashCode") => $".{m.Name}({Parameters(m)}): {Name(m.ReturnType)}",
        EventInfo e => $".{e.Name}: event {Name(e.EventHandlerType!)}",
        _ => null,
    };

    static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
    static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "null"}" : "")}"));

    static string Kind(Type type) =>
        (type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "open class")
        + (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) ? $" of {Name(parent)}" : "");

    static string Name(Type type)
    {
        if (type.IsGenericParameter) return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        var name = (type.IsNested ? Name(type.DeclaringType!) + "." : type.Namespace is { } space && space.StartsWith("Baton.Core", StringComparison.Ordinal) ? space["Baton.Core".Length..].TrimStart('.') + (space.Length > 10 ? "." : "") : "") + type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
